from collections.abc import Mapping, Sequence

import ibis.expr.types as ir
import pytest

from pipeline.foundation.contracts.tables import RAW_TABLES
from pipeline.foundation.engines import Engine
from pipeline.validation.judgement import count_days, sort_order
from tests.validation.raw import CONTRACT, Row, cells, judged, raw, split, verdicts

KEPT = (None, None)
LAST = "2025-06-30 23:59:59"
LATE = "2025-07-01 00:00:00"


# A changed row of each table with a fault that it cannot do without, its rule and its value.
BROKEN: Mapping[str, Sequence[tuple[Row, str, str | None]]] = {
    "customers": [
        ({"customer_id": "a\nb"}, "pattern:customer_id", "a\nb"),
        ({"customer_id": ""}, "not_null:customer_id", None),
    ],
    "products": [
        ({"tier": 100}, "range:tier", "100"),
        ({"category": ""}, "not_null:category", None),
    ],
    "product_events": [
        ({"customer_id": ""}, "not_null:customer_id", None),
        ({"product_id": "tv9"}, "references:product_id", "tv9"),
        ({"quantity": -2}, "range:quantity", "-2"),
        ({"amount": "-19.90"}, "range:amount", "-19.90"),
        ({"amount": "900000000000000.00"}, "range:amount", "900000000000000.00"),
        ({"quantity": 10_000_001}, "range:quantity", "10000001"),
        ({"occurred_at": "1970-01-01 01:00:00"}, "range:occurred_at", "1970-01-01 01:00:00"),
        ({"known_at": "soon"}, "unparsed:known_at", "soon"),
        ({"occurred_at": LATE}, "after_coverage:occurred_at", LATE),
    ],
    "interactions": [({"customer_id": "eve"}, "references:customer_id", "eve")],
    "surveys": [
        ({"sent_at": "1 March"}, "unparsed:sent_at", "1 March"),
        ({"instrument": "NPS"}, "allowed:instrument", "NPS"),
    ],
    "messages": [({"sent_at": LATE}, "after_coverage:sent_at", LATE)],
    "consents": [({"granted": ""}, "not_null:granted", None)],
}
# A changed row of each table with a fault that costs one value: the column, the rule, the value.
EMPTIED: Mapping[str, Sequence[tuple[Row, str, str | None]]] = {
    "customers": [
        ({"shoe (size)": "big"}, "unparsed:shoe (size)", "big"),
        ({"email": "ana@home"}, "pattern:email", "ana@home"),
        ({"email": "ana@home.org\nben"}, "pattern:email", "ana@home.org\nben"),
        ({"phone": "no tiene"}, "pattern:phone", "no tiene"),
        ({"phone": "612345678 ext. 12"}, "pattern:phone", "612345678 ext. 12"),
        ({"phone": "612345678/612345679"}, "pattern:phone", "612345678/612345679"),
        ({"birth_date": "1899-12-31"}, "range:birth_date", "1899-12-31"),
        ({"birth_date": "2025-07-01"}, "after_coverage:birth_date", "2025-07-01"),
        ({"signed_up_on": "2045-03-05"}, "after_coverage:signed_up_on", "2045-03-05"),
        ({"customer_type": "robot"}, "allowed:customer_type", "robot"),
    ],
    "products": [
        ({"price": "-0.01"}, "range:price", "-0.01"),
        ({"price": "10000000000.01"}, "range:price", "10000000000.01"),
        ({"price": "0.125"}, "unparsed:price", "0.125"),
        (
            {"launched_on": "2025-01-02", "retired_on": "2025-01-01"},
            "not_before:retired_on",
            "2025-01-01",
        ),
    ],
    "product_events": [
        ({"amount": "about 20"}, "unparsed:amount", "about 20"),
        ({"discount": "-5"}, "range:discount", "-5.00"),
        ({"known_at": "2025-03-01 09:59:59"}, "not_before:known_at", "2025-03-01 09:59:59"),
    ],
    "interactions": [
        ({"product_id": "tv9"}, "references:product_id", "tv9"),
        ({"duration_seconds": -5}, "range:duration_seconds", "-5"),
    ],
    "surveys": [
        ({"score": 'ten "10" \\o/'}, "unparsed:score", 'ten "10" \\o/'),
        ({"score": 10.5}, "range:score", "10.5"),
        ({"answered_at": "1970-01-01 00:00:00"}, "range:answered_at", "1970-01-01 00:00:00"),
        (
            {"answered_at": "2025-03-01 09:59:59"},
            "not_before:answered_at",
            "2025-03-01 09:59:59",
        ),
    ],
    "messages": [
        ({"category": "tea"}, "references:category", "tea"),
        ({"opened_at": "2099-01-01 00:00:00"}, "after_coverage:opened_at", "2099-01-01 00:00:00"),
    ],
}
# What the rules just allow.
ALLOWED: Mapping[str, Sequence[Row]] = {
    "customers": [
        {"birth_date": "1900-01-01", "household_size": 50, "email": "a@b.c"},
        {"customer_id": "ana+shop@b.c", "birth_date": "2025-06-30", "phone": "0471/12.34.56"},
        {"customer_id": "o'neill@b.c", "phone": "+44 (0)20 7946 0958"},
        {"customer_id": "TEA/100 g; 50%", "phone": "612345678.0"},
    ],
    "products": [{"price": "0.00", "tier": 99, "margin_rate": -1}],
    "product_events": [{"known_at": "2099-01-01 00:00:00"}, {"occurred_at": LAST}],
    "interactions": [{"product_id": ""}, {"product_id": "tv1"}],
    "surveys": [
        {"answered_at": "2025-03-01 10:00:00", "score": 10},
        {"survey_id": "s2", "sent_at": LAST},
    ],
    "messages": [{"category": "tv", "product_id": "tv1"}, {"message_id": "m2", "opened_at": LAST}],
    "consents": [{}],
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_row_that_breaks_a_rule_is_quarantined_with_rule_and_value(
    engine: Engine, name: str
) -> None:
    changes = [change for change, _, _ in BROKEN[name]]
    expected = [(rule, value) for _, rule, value in BROKEN[name]]
    assert sorted(verdicts(engine, name, *changes), key=str) == sorted(expected, key=str)
    assert cells(engine, name, *changes) == []


@pytest.mark.parametrize("name", sorted(EMPTIED))
def test_a_fault_of_a_value_that_may_be_empty_costs_that_value_alone(
    engine: Engine, name: str
) -> None:
    for change, rule, value in EMPTIED[name]:
        assert verdicts(engine, name, change) == [KEPT]
        (column,) = [one for one in change if one == rule.split(":")[1]]
        assert cells(engine, name, change) == [(column, rule, value)]
        kept, _ = split(engine, name, change, valid=_valid(engine))
        row = engine.arrow(kept).to_pylist()[0]
        assert row[column] is None
        assert all(row[key] is not None for key in CONTRACT[name].key)


def _valid(engine: Engine) -> dict[str, ir.Table]:
    customers, _ = split(engine, "customers", {}, valid={})
    products, _ = split(engine, "products", {}, valid={})
    return {"customers": customers, "products": products}


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_good_rows_and_the_last_values_that_rules_allow_are_valid(
    engine: Engine, name: str
) -> None:
    assert verdicts(engine, name, *ALLOWED[name]) == [KEPT] * len(ALLOWED[name])


def test_a_row_that_breaks_several_rules_is_quarantined_once_under_the_first(
    engine: Engine,
) -> None:
    wrong = {"instrument": "quiz", "score": "ten", "customer_id": "eve", "sent_at": "1 March"}
    assert verdicts(engine, "surveys", wrong) == [("unparsed:sent_at", "1 March")]
    wrong["sent_at"] = ""
    assert verdicts(engine, "surveys", wrong) == [("not_null:sent_at", None)]
    assert cells(engine, "surveys", wrong) == []  # its row is in quarantine as it came


def test_the_offending_value_is_told_apart_from_others_that_cannot_be_read(engine: Engine) -> None:
    unreadable = {"score": 'a", "sent_at": "b', "sent_at": "c"}
    assert verdicts(engine, "surveys", unreadable) == [("unparsed:sent_at", "c")]
    assert cells(engine, "surveys", {"score": 'a", "sent_at": "b'}) == [
        ("score", "unparsed:score", 'a", "sent_at": "b')
    ]


def test_of_two_faults_of_one_row_each_costs_its_value(engine: Engine) -> None:
    assert cells(engine, "customers", {"email": "x", "birth_date": "2099-01-01"}) == [
        ("birth_date", "after_coverage:birth_date", "2099-01-01"),
        ("email", "pattern:email", "x"),
    ]


def test_of_rows_with_one_key_the_one_without_a_fault_stays(engine: Engine) -> None:
    found = judged(engine, "customers", {"email": "a"}, {"email": "z@b.c"})
    assert [(row["email"], row["rule"]) for row in found] == [
        ("a", "unique:customer_id"),
        ("z@b.c", None),
    ]


def test_of_equal_rows_with_one_key_one_stays(engine: Engine) -> None:
    found = verdicts(engine, "surveys", {}, {}, {}, {"survey_id": "s2"})
    assert sorted(found, key=str) == [("unique:survey_id", "s1")] * 2 + [KEPT] * 2


def test_of_rows_that_disagree_the_first_in_order_of_all_columns_stays(engine: Engine) -> None:
    early, late = {"score": 3}, {"score": 7}
    for rows in ([early, late], [late, early]):
        found = judged(engine, "surveys", *rows)
        assert [(row["score"], row["rule"]) for row in found] == [
            (3.0, None),
            (7.0, "unique:survey_id"),
        ]


def test_a_row_that_breaks_another_rule_does_not_take_the_place_of_a_valid_one(
    engine: Engine,
) -> None:
    found = judged(engine, "surveys", {"customer_id": "aaa"}, {"customer_id": "ana"})
    assert [row["rule"] for row in found] == ["references:customer_id", None]


def test_the_value_of_a_repeated_key_is_the_whole_key(engine: Engine) -> None:
    found = verdicts(engine, "consents", {}, {"granted": "no"})
    repeated = ("unique:customer_id+channel+changed_at", "ana | email | 2025-03-01 10:00:00")
    assert sorted(found, key=str) == [repeated, KEPT]


def test_a_ledger_without_a_key_may_repeat_itself(engine: Engine) -> None:
    assert verdicts(engine, "product_events", {}, {}) == [KEPT, KEPT]


def test_rows_of_a_quarantined_product_are_quarantined_too(engine: Engine) -> None:
    customers, _ = split(engine, "customers", {}, valid={})
    products, _ = split(engine, "products", {}, {"product_id": "radio", "tier": None}, valid={})
    valid = {"customers": customers, "products": products}
    kept, gone = split(engine, "product_events", {}, {"product_id": "radio"}, valid=valid)
    assert engine.arrow(kept)["product_id"].to_pylist() == ["tv1"]
    assert engine.arrow(gone).select(["product_id", "rule", "value"]).to_pylist() == [
        {"product_id": "radio", "rule": "references:product_id", "value": "radio"}
    ]


def test_both_parts_together_are_all_rows_with_their_columns(engine: Engine) -> None:
    changes = [{"survey_id": f"s{number % 7}", "score": number} for number in range(20)]
    customers, _ = split(engine, "customers", {}, valid={})
    kept, gone = split(engine, "surveys", *changes, valid={"customers": customers})
    table = CONTRACT["surveys"]
    assert engine.arrow(kept).num_rows + engine.arrow(gone).num_rows == 20
    assert list(kept.columns) == list(table.names)
    assert list(gone.columns) == [*table.raw_schema.names, "rule", "value"]
    # Of the keys s0 to s6 each stays once, with a score from 0 to 10.
    assert sorted(engine.arrow(kept)["score"].to_pylist()) == [0, 1, 2, 3, 4, 5, 6]


def test_without_an_end_of_the_data_nothing_is_too_late(engine: Engine) -> None:
    found = judged(engine, "product_events", {"occurred_at": "2099-01-01 00:00:00"}, until=None)
    assert [row["rule"] for row in found] == [None]


def test_days_are_counted_where_something_occurred(engine: Engine) -> None:
    moments = ["2025-03-01 00:00:00", "2025-03-01 23:59:59", "2025-03-03 12:00:00"]
    rows = raw(engine, "product_events", *({"occurred_at": moment} for moment in moments))
    counted = engine.arrow(count_days(rows, CONTRACT["product_events"]).order_by("day"))
    assert [(str(row["day"]), row["events"]) for row in counted.to_pylist()] == [
        ("2025-03-01", 2),
        ("2025-03-03", 1),
    ]


def test_ledgers_are_sorted_by_customer_and_time_and_other_tables_by_key() -> None:
    assert sort_order(CONTRACT["guest_events"])[:2] == ("occurred_at", "product_id")
    for table in RAW_TABLES:
        order = sort_order(table)
        assert sorted(order) == sorted(table.names)
        first = table.key if table.occurred_at is None else ("customer_id", table.occurred_at)
        assert order[: len(first)] == first
