"""A feature's value is told in words that a marketer would use."""

import pytest

from pipeline.exports.wording import Wording, wording
from pipeline.features import family
from pipeline.features.catalogue import Feature

WORDS = Wording(
    {
        "web__visits__30d": Feature(
            "visits__30d", "Visits", "count", "no visit is known", "Visited {value} times"
        ),
        "web__seen": Feature("seen", "Categories seen", "count", "none", "Saw {value} categories"),
        "web__days": Feature("days", "Days since", "days", "never", "Last here {value} days ago"),
        "web__share": Feature(
            "share", "Share", "share", "none", "{value} of visits for {category}"
        ),
        "web__trend": Feature("trend", "Trend", "ratio", "none", "At {value} times the usual pace"),
        "web__spend": Feature("spend", "Spend", "money", "none", "Spent {value}"),
        "web__device": Feature("device", "Device", "text", "not known", "Prefers {value}"),
    }
)


@pytest.mark.parametrize(
    ("feature", "value", "told"),
    [
        ("web__visits__30d", "3", "Visited 3 times"),
        ("web__visits__30d", "1", "Visited once"),
        ("web__seen", "1", "Saw 1 category"),
        ("web__days", "1", "Last here 1 day ago"),
        ("web__days", "1234", "Last here 1,234 days ago"),
        ("web__share", "0.347", "35% of visits for loan"),
        ("web__trend", "1", "At 1 times the usual pace"),
        ("web__trend", "1.8499", "At 1.8 times the usual pace"),
        ("web__spend", "1234.5", "Spent 1,234.50"),
        ("web__device", "mobile", "Prefers mobile"),
        ("web__days", None, "Days since: never"),
        ("other__last_seen__30d", "2", "other, last seen, 30d: 2"),
    ],
)
def test_a_value_is_told_in_its_unit(feature: str, value: str | None, told: str) -> None:
    assert WORDS(feature, value, "loan") == told


def test_every_feature_of_every_family_can_be_told_with_and_without_a_value() -> None:
    words = wording(family.load(family.names()))
    assert len(words.features) > 100
    for name in words.features:
        for value in ("1", None):
            told = words(name, value, "loan")
            assert told
            assert "{" not in told
