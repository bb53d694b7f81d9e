"""The attribute of customers that says where each lives, for their time zone."""

from collections.abc import Mapping

from pipeline.foundation.contracts.columns import ColumnType
from pipeline.foundation.contracts.tables import raw_tables
from pipeline.foundation.errors import ConfigurationError, did_you_mean, known


def check_home_attribute(name: str | None, attributes: Mapping[str, ColumnType]) -> None:
    """Refuse an attribute that customers do not have, or that names a person rather than a group.

    Args:
        name: `decide.timezone.attribute`; None where all customers share one zone.
        attributes: `source.customer_attributes`.

    Raises:
        ConfigurationError: with the names that would do.
    """
    columns = raw_tables(attributes)["customers"].columns
    names = [
        one.name
        for one in columns
        if one.type == "text" and not one.personal and not one.name.endswith("_id")
    ]
    if name is not None and name not in names:
        raise ConfigurationError(
            f"in decide.timezone.attribute {known(names)}",
            repr(name),
            f"{did_you_mean(name, names)}Correct params.yaml, or declare the attribute in "
            "source.customer_attributes.",
        )
