"""Names in the parameters which only the contract can tell from mistyped ones: tables, columns, attributes.

They are checked before the first stage: one that a late stage finds has cost the user its last result.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from pipeline.foundation.choices import ENGINES, FAMILIES, PROFILES, SOURCES, TEMPLATES
from pipeline.foundation.config import Params, ValidateParams
from pipeline.foundation.contracts.columns import Column, ColumnType
from pipeline.foundation.contracts.tables import Table, raw_tables
from pipeline.foundation.errors import ConfigurationError, unknown_name

AGE_BAND = "age_band"
BIRTH_DATE = "birth_date"
RESERVED = (AGE_BAND, "age", "as_of_date", "category", "model", "rule", "split", "value")
"""Columns that later tables put beside the attributes of customers."""
_DECLARE = ", or declare the attribute in source.customer_attributes"


def check_names(params: Params) -> None:
    """Refuse whatever the parameters name that does not exist, or that is not the project's own.

    Raises:
        ConfigurationError: with the names that would do.
    """
    _check_choices(params)
    attributes = params.source.customer_attributes
    _check_attributes(attributes)
    contract = raw_tables(attributes)
    columns = contract["customers"].columns
    place = params.decide.timezone.attribute
    _check("decide.timezone.attribute", [place] if place else [], _places(columns), _DECLARE)
    _check("evaluate.groups", params.evaluate.groups, group_names(contract["customers"].names))
    sensitive = [one.name for one in columns if not _is_id(one)]
    _check("exports.sensitive_attributes", params.exports.sensitive_attributes, sensitive, _DECLARE)
    check_limits(params.validate_, contract)
    _check_folder(params.source.files.folder)


def _check_choices(params: Params) -> None:
    template = params.source.files.template
    for choice, given in (
        (SOURCES, [params.source.name]),
        (TEMPLATES, [] if template is None else [template]),
        (ENGINES, [params.engine.name]),
        (FAMILIES, params.features.families),
        (PROFILES, params.exports.profiles),
    ):
        for name in given:
            choice.check(name)


def check_limits(params: ValidateParams, contract: Mapping[str, Table]) -> None:
    """Refuse limits on tables or columns that the contract does not know."""
    columns = [f"{table.name}.{name}" for table in contract.values() for name in table.names]
    _check("validate.min_rows", params.min_rows, contract)
    _check("validate.max_null_share", params.max_null_share, columns)


def group_names(available: Collection[str]) -> list[str]:
    """Return which columns of customers may be groups; of an id everybody would be one."""
    return sorted(
        {*available, AGE_BAND} - {"customer_id", "household_id", "email", "phone", BIRTH_DATE}
    )


def _places(columns: Collection[Column]) -> list[str]:
    """Return the attributes that say where somebody lives, or may: no person's own, no id."""
    return [
        one.name for one in columns if one.type == "text" and not one.personal and not _is_id(one)
    ]


def _is_id(column: Column) -> bool:
    return column.name.endswith("_id")


def _check_attributes(attributes: Mapping[str, ColumnType]) -> None:
    for name in attributes:
        if name in RESERVED:
            raise ConfigurationError(
                f"in source.customer_attributes no name of the pipeline's own, {', '.join(RESERVED)}",
                repr(name),
                f"Map your column under another name, such as customer_{name}.",
            )


def _check_folder(folder: str) -> None:
    place = Path.cwd() / folder
    if ".." in place.parts or not place.is_relative_to(Path.cwd()):
        raise ConfigurationError(
            "in source.files.folder a folder of the project, which DVC follows",
            repr(folder),
            "Copy the files to data/incoming, or mount their folder there.",
        )


def _check(path: str, given: Collection[str], names: Collection[str], otherwise: str = "") -> None:
    for name in given:
        if name not in names:
            remedy = f"Correct {path} in params.yaml{otherwise}."
            raise unknown_name(f"in {path}", name, names, remedy)
