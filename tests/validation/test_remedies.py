"""What stops a run names the parameter that most likely mends it."""

import pytest

from pipeline.foundation.contracts.tables import raw_tables
from pipeline.validation.remedies import likely_remedy, likely_time_format, tell_causes

CONTRACT = raw_tables({})


@pytest.mark.parametrize(
    ("text", "format_"),
    [
        ("31/12/1990", "%d/%m/%Y"),
        ("12/31/1990", "%m/%d/%Y"),
        ("31.12.90", "%d.%m.%y"),
        ("1990-12-31", "%Y-%m-%d"),
        ("19901231", "%Y%m%d"),
        ("31/12/2024 09:30", "%d/%m/%Y %H:%M"),
        ("2024-12-31T09:30:15.250+02:00", "%Y-%m-%dT%H:%M:%S.%f%z"),
        ("yesterday", None),
    ],
)
def test_the_format_of_a_date_is_told_from_how_it_is_written(
    text: str, format_: str | None
) -> None:
    assert likely_time_format(text) == format_


@pytest.mark.parametrize(
    ("table", "rule", "example", "remedy"),
    [
        ("products", "unparsed:price", "1.234,50", 'source.files.tables.products.decimal to ","'),
        ("products", "unparsed:price", "0.125", "source.files.tables.products.rounding to half_up"),
        (
            "product_events",
            "allowed:kind",
            "alta",
            "values.kind into acquired, cancelled, returned",
        ),
        ("product_events", "range:quantity", "-2", "the kind `returned`"),
        ("product_events", "range:amount", "900000000000000.00", "range (0 to 10000000000)"),
        ("messages", "range:sent_at", "1970-01-01 00:00:00", "of a clock that was never set"),
        ("product_events", "references:customer_id", "", "look at customers first"),
        ("surveys", "unique:survey_id", "s1", "source.files.tables.surveys.deduplicate"),
    ],
)
def test_each_kind_of_fault_names_its_likely_parameter(
    table: str, rule: str, example: str, remedy: str
) -> None:
    assert remedy in likely_remedy(CONTRACT[table], rule, example, "files")


def test_the_most_frequent_rules_come_first_and_the_rest_are_counted() -> None:
    broken = {f"not_null:{name}": count for count, name in enumerate(("kind", "occurred_at"), 1)}
    broken |= {"range:quantity": 9, "references:product_id": 5}
    told = tell_causes(CONTRACT["product_events"], broken, {"range:quantity": "-2"}, "files")
    assert told.startswith(
        "9 of range:quantity ('-2'), 5 of references:product_id, 2 of not_null:occurred_at and 1 more"
    )


def test_order_lines_without_a_customer_are_likely_of_guests() -> None:
    remedy = likely_remedy(CONTRACT["product_events"], "not_null:customer_id", "", "database")
    assert "source.database.tables.product_events.guests to keep_apart" in remedy
    assert "guests" not in likely_remedy(CONTRACT["surveys"], "not_null:customer_id", "", "files")


@pytest.mark.parametrize("source", ["simulated", "complete_journey"])
def test_a_source_without_a_mapping_is_not_told_of_parameters_that_it_lacks(source: str) -> None:
    told = tell_causes(CONTRACT["surveys"], {"unique:survey_id": 2}, {}, source)
    assert told == (
        "2 of unique:survey_id. Most likely: nothing to mend, if few: "
        f"{source} has no mapping to mend, and such rows stay in quarantine."
    )
