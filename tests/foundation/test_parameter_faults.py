"""A fault in the parameters is told by its path and its likely cause, without the whole section."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.foundation import config
from pipeline.foundation.errors import ConfigurationError

ROOT = Path(__file__).parents[2]
HUGE = 10**9 + 1


def given() -> dict[str, Any]:
    raw: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    return raw


def put(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(raw: dict[str, Any]) -> None:
        *sections, last = path.split(".")
        for section in sections:
            raw = raw[section]
        raw[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("contact_policy.limits.minimum_age.years", -5),
        ("decide.budget", -1),
        ("decide.budget", float("inf")),
        ("decide.budget", float("nan")),
        ("decide.capacities.channels.pigeon", 5),
        ("decide.capacities.models.upsell", 5),
        ("decide.contact_costs_cents.email", -1),
        ("decide.contact_costs_cents.email", 10**18),
        ("decide.contact_costs_cents.pigeon", 5),
        ("decide.contact_days.phone", [0]),
        ("decide.contact_hours.phone", [20, 9]),
        ("decide.default_price", 10**17),
        ("decide.levers.coffee", float("nan")),
        ("decide.offer_key", "x"),
        ("decide.seasons.coffee", [1] * 11),
        ("decide.seasons.coffee", [-1] * 12),
        ("decide.subscription_payments", 10**18),
        ("decide.timezone", "Mars/Base"),
        ("decide.valid_days", HUGE),
        ("effects.threads", HUGE),
        ("engine.memory_gb", -1),
        ("engine.memory_gb", HUGE),
        ("engine.threads", HUGE),
        ("engine.threads", True),
        ("evaluate.bootstrap_replicates", HUGE),
        ("evaluate.groups", ["gender", "gender"]),
        ("exports.profiles", []),
        ("features.families", []),
        ("models", []),
        ("models", ["up_sell; touch x"]),
        ("promote.override", {"nobody": {"name": "a", "reason": "b"}}),
        ("recommend.manual_file", "../../list.csv"),
        ("recommend.manual_file", "/etc/passwd"),
        ("recommend.manual_file", r"C:\list.csv"),
        ("report.language", "xx"),
        ("retraining.models", ["up_sell; touch x"]),
        ("segment.inactive_days", HUGE),
        ("snapshots.as_of_dates", ["2025-02-30"]),
        ("snapshots.count", HUGE),
        ("snapshots.every_days", 0),
        ("snapshots.outcome_days", HUGE),
        ("source.customer_attributes", {"": "text"}),
        ("source.customer_attributes", {"_unparsed": "text"}),
        ("source.customer_attributes", {"a;b": "text"}),
        ("source.customer_attributes", {"city": "words"}),
        ("source.database.url_variable", "A B"),
        ("source.simulated.customers", HUGE),
        ("source.simulated.seed", -1),
        ("train.max_rows", 0),
        ("train.threads", 0),
        ("tune.seed", 2**31),
        ("tune.trials", HUGE),
        ("tune.workers", HUGE),
        ("validate.batch_rows", HUGE),
        ("validate.exported_on", "2020-13-01"),
        ("validate.max_quarantined_share", float("nan")),
    ],
)
def test_a_value_out_of_its_bounds_is_refused_with_its_path(path: str, value: object) -> None:
    raw = given()
    put(path, value)(raw)
    with pytest.raises(ConfigurationError) as fault:
        config.parse(raw)
    assert path in str(fault.value)


def test_a_mistyped_channel_is_named_and_the_section_is_not_printed() -> None:
    raw = given()
    costs = raw["decide"]["contact_costs_cents"]
    costs["smss"] = costs.pop("sms")
    with pytest.raises(ConfigurationError) as fault:
        config.parse(raw)
    told = str(fault.value)
    assert "decide.contact_costs_cents.smss: Did you mean 'sms'?" in told
    assert "subscription_payments" not in told


def test_hours_of_a_channel_without_a_cost_are_told_with_those_that_have_one() -> None:
    raw = given()
    del raw["decide"]["contact_costs_cents"]["sms"]
    with pytest.raises(ConfigurationError, match="names 'sms', which has no cost in contact_costs"):
        config.parse(raw)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("models: [up_sell]\nmodels: [cross_sell]\n", "duplicate key"),
        ("models: [up_sell\n", "line 2"),
        ("models: \x00\n", "each key once"),
    ],
)
def test_what_is_no_yaml_or_says_a_key_twice_is_refused(
    text: str, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "params.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=told):
        config.load(path)


def test_a_number_is_read_as_dvc_reads_it(tmp_path: Path) -> None:
    """In YAML 1.1 `010` is eight; DVC, which decides what runs again, reads 1.2."""
    path = tmp_path / "params.yaml"
    text = (ROOT / "params.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("min_outcomes: 200", "min_outcomes: 010"), encoding="utf-8")
    assert config.load(path).products.min_outcomes == 10
