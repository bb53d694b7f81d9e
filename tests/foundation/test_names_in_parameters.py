"""What the parameters name is looked up in the contract before anything runs."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.foundation import config
from pipeline.foundation.contracts.names_in_parameters import check_names
from pipeline.foundation.errors import ConfigurationError

ROOT = Path(__file__).parents[2]


def params(path: str, value: object) -> config.Params:
    raw: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    raw["source"]["customer_attributes"] = {"store_city": "text", "score": "number"}
    *sections, last = path.split(".")
    section = raw
    for name in sections:
        section = section[name]
    section[last] = value
    return config.parse(raw)


def zoned(attribute: str) -> dict[str, object]:
    return {"default": "UTC", "attribute": attribute, "zones": {"north": "Europe/Madrid"}}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("decide.timezone", "Europe/Madrid"),
        ("decide.timezone", zoned("region")),
        ("decide.timezone", zoned("store_city")),
        ("evaluate.groups", ["age_band", "store_city"]),
        ("exports.sensitive_attributes", ["birth_date", "score"]),
        ("source.files.folder", "data/elsewhere"),
        ("validate.min_rows", {"surveys": 3}),
        ("validate.max_null_share", {"surveys.score": 0.5}),
    ],
)
def test_a_name_of_the_contract_or_of_a_declared_attribute_will_do(
    path: str, value: object
) -> None:
    check_names(params(path, value))


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("decide.timezone", zoned("regoin"), "Did you mean 'region'"),
        ("decide.timezone", zoned("phone"), "one of country, customer_type"),
        ("decide.timezone", zoned("household_id"), "one of country, customer_type"),
        ("decide.timezone", zoned("score"), "declare the attribute in source.customer_attributes"),
        ("source.name", "no", "Correct source.name in params.yaml, or add pipeline/sources/no."),
        ("source.files.template", "shopfy", "Did you mean 'shopify'"),
        ("engine.name", "base", "in engine.name one of duckdb, spark; found 'base'"),
        ("features.families", ["survey"], "Did you mean 'surveys'"),
        ("exports.profiles", ["generic", "salesfroce"], "Did you mean 'salesforce'"),
        ("evaluate.groups", ["regoin"], "Did you mean 'region'"),
        ("evaluate.groups", ["email"], "in evaluate.groups one of age_band, "),
        ("exports.sensitive_attributes", ["gendr"], "Did you mean 'gender'"),
        ("source.customer_attributes", {"rule": "text"}, "such as customer_rule"),
        ("source.customer_attributes", {"age": "number"}, "such as customer_age"),
        ("source.customer_attributes", {"gender": "text"}, "that customers does not have yet"),
        ("source.files.folder", "../elsewhere", "a folder of the project"),
        ("source.files.folder", "/etc", "a folder of the project"),
        ("validate.min_rows", {"survey": 3}, r"found 'survey'\. Did you mean 'surveys'"),
        ("validate.max_null_share", {"surveys.skore": 0.5}, r"Did you mean 'surveys\.score'"),
    ],
)
def test_any_other_name_is_refused_with_those_that_would_do(
    path: str, value: object, told: str
) -> None:
    given = params(path, value)
    with pytest.raises(ConfigurationError, match=told):
        check_names(given)
