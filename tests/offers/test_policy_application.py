"""A customer falls at the first rule that leaves nothing, in the order of the rules."""

import pyarrow as pa

from pipeline.foundation.engines import Engine
from pipeline.offers.contact_policy import NEEDS, OFFER_RULES, RULES
from pipeline.offers.policy_application import PolicyOutcome, apply_offer_rules, apply_rules
from tests.offers.situations import candidates, customers, situation

LIMITS = {"minimum_age": {"years": 18}, "same_message": {"days": 28}}


def reasons(engine: Engine, outcome: PolicyOutcome) -> dict[str, str]:
    rows = engine.arrow(outcome.fallen).to_pylist()
    return {row["customer_id"]: row["suppression_reason"] for row in rows}


def test_the_first_rule_that_leaves_nothing_is_the_reason(engine: Engine) -> None:
    people = [
        *customers("child", birth_date="2020-01-01"),
        *customers("mute", "told", "free", "none"),
    ]
    agreed = [
        {"customer_id": name, "channel": "email", "granted": True, "changed_at": "2026-01-01"}
        for name in ("told", "free")
    ]
    contacts = [{"customer_id": "told", "channel": "sms", "category": "tv", "age_days": 3}]
    offered = candidates(
        ("child", "tv", "tv1"),
        ("mute", "tv", "tv1"),
        ("told", "tv", "tv1"),
        ("told", "tea", None),
        ("free", "tv", "tv1"),
        ("free", "tea", None),
    )
    company = situation(engine, offered, contacts, customers=people, consents=agreed)
    order = ["no_product_in_stock", "consent", "minimum_age", "same_message"]
    outcome = apply_rules(engine, company, order, LIMITS)
    assert reasons(engine, outcome) == {
        "child": "consent",  # two rules hold: the one that comes first is told
        "mute": "consent",
        "told": "same_message",  # the last of two candidates
        "none": "nothing_eligible",
    }
    assert engine.arrow(outcome.candidates)["category"].to_pylist() == ["tv"]
    assert engine.arrow(outcome.permitted).to_pylist() == [
        {"customer_id": "free", "channel": "email"}
    ]
    assert outcome.touched == {
        "no_product_in_stock": 2,
        "consent": 5,
        "minimum_age": 1,
        "same_message": 1,
    }


def test_another_order_tells_another_reason_of_the_same_customers(engine: Engine) -> None:
    people = customers("child", birth_date="2020-01-01")
    company = situation(engine, customers=people)
    for order in (["consent", "minimum_age"], ["minimum_age", "consent"]):
        outcome = apply_rules(engine, company, order, LIMITS)
        assert reasons(engine, outcome) == {"child": order[0]}


def test_a_rule_without_its_table_is_switched_off_in_the_open(engine: Engine) -> None:
    company = situation(engine, customers=customers("a"))
    outcome = apply_rules(engine, company, ["unsubscribed"], {})
    assert outcome.switched_off == ["unsubscribed"]
    assert reasons(engine, outcome) == {}


def test_rules_that_compare_offers_are_run_on_offers(engine: Engine) -> None:
    offers = pa.table(
        {"customer_id": ["a", "b"], "household_id": ["h", "h"], "priority_cents": [1.0, 2.0]}
    )
    fallen = apply_offer_rules(
        engine, engine.table(offers), ["consent", "household_duplicates"], {}
    )
    assert fallen == {"a": "household_duplicates"}


def test_every_rule_says_what_it_does_and_what_it_needs_exists() -> None:
    every = {**RULES, **OFFER_RULES}
    assert all((rule.__doc__ or "").strip().endswith(".") for rule in every.values())
    assert set(NEEDS) <= set(RULES)


def test_without_a_ledger_of_consents_only_channels_that_need_none_are_open(engine: Engine) -> None:
    limits = {"consent": {"without_record": ("email",)}}
    outcome = apply_rules(engine, situation(engine, customers=customers("a")), ["consent"], limits)
    assert engine.arrow(outcome.permitted).to_pylist() == [{"customer_id": "a", "channel": "email"}]
    assert "so only email may be used, which need no record" in outcome.remedies["consent"]


def test_with_a_ledger_of_consents_there_is_nothing_to_mend(engine: Engine) -> None:
    told = [{"customer_id": "a", "channel": "email", "granted": False, "changed_at": "2026-01-01"}]
    company = situation(engine, customers=customers("a"), consents=told)
    assert apply_rules(engine, company, ["consent"], {}).remedies == {}
