from datetime import date

import pytest

from pipeline.foundation.engines import Engine
from pipeline.validation.coverage import Coverage
from pipeline.validation.judgement import emptied_cells, judge, valid_rows
from pipeline.validation.table_facts import Counts, count_rows, gather_facts, to_frame
from tests.ledger import CONTRACT, tables
from tests.validation.raw import raw, split

COVERAGE = Coverage(date(2025, 1, 1), date(2025, 6, 30), allowed_days=28)
CUSTOMERS = [{"customer_id": "ana"}, {"customer_id": "ben"}]
SENT = {"instrument": "nps", "sent_at": "2025-05-01 10:00:00"}


def test_facts_tell_what_no_single_row_can(engine: Engine) -> None:
    valid = tables(
        engine,
        customers=CUSTOMERS,
        surveys=[
            {"survey_id": "s1", "customer_id": "ana", **SENT, "score": 3},
            {"survey_id": "s1", "customer_id": "ben", **SENT, "score": 4},
            {"survey_id": "s2", "customer_id": "eve", **SENT, "score": None},
            {"survey_id": "s3", "customer_id": "ana", **SENT, "score": 9},
        ],
    )
    counts = Counts(4, 1, {"not_null:sent_at": 1}, 0)
    facts = gather_facts(engine, CONTRACT["surveys"], valid, counts, COVERAGE)
    assert facts["rows"] == 4
    assert facts["quarantined_share"] == 0.2
    assert facts["repeated_keys"] == 1
    assert facts["orphans_customer_id"] == 1
    assert facts["null_share_score"] == 0.25
    assert facts["null_share_comment"] == 1
    assert facts["stale_days"] == 60  # from 1 May to 30 June


@pytest.mark.parametrize(
    ("last", "days"),
    [("2025-06-30 00:00:00", 0), ("2025-06-29 23:59:59", 1), ("2025-07-15 12:00:00", 0)],
)
def test_staleness_is_in_whole_days_and_never_negative(
    engine: Engine, last: str, days: int
) -> None:
    sent = SENT | {"survey_id": "s1", "customer_id": "ana", "sent_at": last}
    valid = tables(engine, customers=CUSTOMERS, surveys=[sent])
    facts = gather_facts(engine, CONTRACT["surveys"], valid, Counts(1, 0, {}, 0), COVERAGE)
    assert facts["stale_days"] == days


def test_the_product_events_cannot_be_older_than_themselves(engine: Engine) -> None:
    event = {
        "customer_id": "ana",
        "product_id": "tv1",
        "kind": "acquired",
        "occurred_at": "2025-01-01 00:00:00",
    }
    products = [{"product_id": "tv1", "category": "tv", "tier": 1}]
    valid = tables(engine, customers=CUSTOMERS, products=products, product_events=[event])
    table = CONTRACT["product_events"]
    assert "stale_days" not in gather_facts(engine, table, valid, Counts(1, 0, {}, 0), COVERAGE)


def test_a_table_without_rows_has_facts_too(engine: Engine) -> None:
    valid = tables(engine, customers=CUSTOMERS)
    valid["customers"] = valid["customers"].limit(0)
    facts = gather_facts(engine, CONTRACT["customers"], valid, Counts(0, 0, {}, 0), COVERAGE)
    assert facts["rows"] == facts["quarantined_share"] == facts["null_share_email"] == 0


def test_rows_are_counted_by_rule_and_the_cascade_apart(engine: Engine) -> None:
    customers, bad_customers = split(engine, "customers", {}, valid={})
    products, bad_products = split(
        engine, "products", {}, {"product_id": "radio", "tier": None}, valid={}
    )
    _, bad_events = split(
        engine,
        "product_events",
        {"product_id": "radio"},
        {"customer_id": "eve"},
        {"kind": "bought"},
        valid={"customers": customers, "products": products},
    )
    quarantine = {
        "customers": bad_customers,
        "products": bad_products,
        "product_events": bad_events,
    }
    counts = count_rows(engine, CONTRACT["product_events"], quarantine, 7, 3)
    by_rule = {"allowed:kind": 1, "references:customer_id": 1, "references:product_id": 1}
    assert counts == Counts(7, 3, by_rule, 1, examples={"allowed:kind": "bought"})
    assert counts.rows_in == 10
    assert counts.quarantined_share == 0.3


def test_facts_are_a_batch_of_one_row() -> None:
    frame = to_frame({"rows": 3, "stale_days": 0.0})
    assert frame.to_dict("records") == [{"rows": 3.0, "stale_days": 0.0}]


def test_emptied_values_are_counted_by_rule_and_personal_ones_not_shown(engine: Engine) -> None:
    changes = [{"email": "x"}, {"customer_id": "ben", "birth_date": "1 May"}]
    rows = judge(raw(engine, "customers", *changes), CONTRACT["customers"], {}, None)
    _, gone = split(engine, "customers", *changes, valid={})
    cells = emptied_cells(rows, CONTRACT["customers"])
    quarantine = {"customers": gone}
    counts = count_rows(engine, CONTRACT["customers"], quarantine, 2, 0, cells=cells)
    assert counts.emptied == {"pattern:email": 1, "unparsed:birth_date": 1}
    assert counts.examples == {"unparsed:birth_date": "1 May"}
    valid = {"customers": valid_rows(rows, CONTRACT["customers"])}
    facts = gather_facts(engine, CONTRACT["customers"], valid, counts, None)
    assert facts["emptied_share_email"] == 1.0
    assert "emptied_share_phone" not in facts


def test_rows_after_the_datas_end_are_not_bad_rows(engine: Engine) -> None:
    valid = tables(engine, customers=CUSTOMERS)
    counts = Counts(80, 20, {"after_coverage:occurred_at": 15, "allowed:kind": 5}, 0)
    facts = gather_facts(engine, CONTRACT["customers"], valid, counts, None)
    assert (facts["quarantined_share"], facts["late_share"]) == (0.05, 0.15)
