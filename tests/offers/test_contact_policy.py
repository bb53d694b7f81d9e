"""Each rule on a company of two or three customers, to the day."""

import pyarrow as pa

from pipeline.foundation.engines import Engine
from pipeline.offers import contact_policy as policy
from tests.offers.situations import candidates, customers, keys, situation


def event(name: str, product: str, kind: str, moment: str) -> dict[str, object]:
    return {"customer_id": name, "product_id": product, "kind": kind, "occurred_at": moment}


def message(number: int, name: str, moment: str, **more: object) -> dict[str, object]:
    return {
        "message_id": f"m{number}",
        "customer_id": name,
        "campaign_id": "k",
        "channel": "email",
        "sent_at": moment,
        **more,
    }


def contact(
    name: str, age: int, channel: str = "email", category: str | None = "tv"
) -> dict[str, object]:
    return {"customer_id": name, "channel": channel, "category": category, "age_days": age}


def consented(name: str, channel: str, moment: str, *, granted: bool) -> dict[str, object]:
    return {"customer_id": name, "channel": channel, "granted": granted, "changed_at": moment}


def test_a_category_without_a_product_to_sell_is_taken_out(engine: Engine) -> None:
    offered = candidates(("a", "tv", "tv1"), ("a", "tea", None))
    company = situation(engine, offered, customers=customers("a"))
    assert keys(engine, policy.no_product_in_stock(company)) == {("a", "tea")}


def test_minors_are_left_out_until_their_birthday(engine: Engine) -> None:
    people = [
        *customers("eighteen_today", birth_date="2008-03-15"),
        *customers("eighteen_tomorrow", birth_date="2008-03-16"),
        *customers("unknown"),
    ]
    company = situation(engine, customers=people)
    assert keys(engine, policy.minimum_age(company, years=18)) == {("eighteen_tomorrow",)}


def test_only_the_last_consent_before_the_day_counts(engine: Engine) -> None:
    changes = [
        consented("a", "email", "2026-01-01", granted=False),
        consented("a", "email", "2026-02-01", granted=True),
        consented("b", "email", "2026-01-01", granted=True),
        consented("b", "email", "2026-03-14T23:59:59", granted=False),
        consented("a", "sms", "2026-03-15T00:00:00", granted=True),
    ]
    company = situation(engine, customers=customers("a", "b"), consents=changes)
    closed = {("a", "sms"), ("b", "email"), ("b", "sms")}
    assert keys(engine, policy.consent(company)) == closed


def test_without_a_ledger_of_consents_nobody_has_consented(engine: Engine) -> None:
    company = situation(engine, customers=customers("a"))
    assert keys(engine, policy.consent(company)) == {("a", "email"), ("a", "sms")}
    assert keys(engine, policy.consent(company, without_record=["sms"])) == {("a", "email")}


def test_a_refusal_holds_where_no_record_is_needed(engine: Engine) -> None:
    refusal = [consented("a", "sms", "2026-01-01", granted=False)]
    company = situation(engine, customers=customers("a"), consents=refusal)
    assert ("a", "sms") in keys(engine, policy.consent(company, without_record=["sms"]))


def test_a_refusal_under_a_name_that_no_channel_has_is_not_lost(engine: Engine) -> None:
    refusals = [
        consented("a", "E-Mail", "2026-01-01", granted=False),
        consented("b", "Newsletter", "2026-01-01", granted=False),
        consented("c", "Newsletter", "2026-01-01", granted=False),
        consented("c", "email", "2026-01-01", granted=True),
    ]
    company = situation(engine, customers=customers("a", "b", "c", "d"), consents=refusals)
    closed = keys(engine, policy.consent(company, without_record=["email"]))
    assert {who for who, channel in closed if channel == "email"} == {"a", "b"}


def test_unsubscribing_closes_the_channel_until_consent_is_given_again(engine: Engine) -> None:
    told = [
        message(1, "a", "2026-01-01", unsubscribed_at="2026-01-02"),
        message(2, "b", "2026-01-01", unsubscribed_at="2026-01-02"),
        message(3, "c", "2026-01-01", unsubscribed_at="2026-03-15"),
    ]
    again = [
        consented("a", "email", "2026-01-01", granted=True),
        consented("b", "email", "2026-01-03", granted=True),
    ]
    company = situation(engine, customers=customers("a", "b", "c"), messages=told, consents=again)
    assert keys(engine, policy.unsubscribed(company)) == {("a", "email")}


def test_a_channel_that_sends_back_twice_is_closed(engine: Engine) -> None:
    told = [
        message(1, "a", "2026-03-01", bounced_at="2026-03-01"),
        message(2, "a", "2026-03-02", bounced_at="2026-03-02"),
        message(3, "b", "2026-03-01", bounced_at="2026-03-01"),
        message(4, "b", "2025-01-01", bounced_at="2025-01-01"),
    ]
    company = situation(engine, customers=customers("a", "b"), messages=told)
    assert keys(engine, policy.bounced(company, times=2, days=180)) == {("a", "email")}


def test_the_frequency_cap_counts_all_channels_over_sliding_windows(engine: Engine) -> None:
    contacts = [
        *(contact("week", age, channel) for age, channel in ((7, "email"), (1, "sms"))),
        *(contact("month", age) for age in (8, 20, 28)),
        *(contact("free", age) for age in (8, 9, 29)),
    ]
    company = situation(engine, None, contacts, customers=customers("week", "month", "free"))
    full = policy.frequency_cap(company, days=[7, 28], messages=[2, 3])
    assert keys(engine, full) == {("week",), ("month",)}
    per_channel = policy.channel_cap(company, days=[7], messages=[1])
    assert keys(engine, per_channel) == {("week", "email"), ("week", "sms")}


def test_what_was_said_on_one_channel_is_not_said_again_on_another(engine: Engine) -> None:
    contacts = [
        contact("a", 28, "sms", "tv"),
        contact("a", 29, "sms", "tea"),
        contact("a", 1, "sms", None),
    ]
    company = situation(engine, None, contacts, customers=customers("a"))
    assert keys(engine, policy.same_message(company, days=28)) == {("a", "tv")}


def test_a_purchase_takes_out_its_category_and_lets_the_customer_cool_off(engine: Engine) -> None:
    events = [
        event("a", "tv1", "acquired", "2026-03-12"),
        event("b", "tv1", "acquired", "2026-03-11T23:59:59"),
        event("b", "tea1", "returned", "2026-03-10"),
    ]
    company = situation(engine, customers=customers("a", "b"), product_events=events)
    assert keys(engine, policy.already_bought(company, days=3)) == {("a", "tv")}
    assert keys(engine, policy.cool_off_after_purchase(company, days=4)) == {("a",), ("b",)}
    assert keys(engine, policy.cool_off_after_purchase(company, days=3)) == {("a",)}
    assert keys(engine, policy.cool_off_after_return(company, days=14)) == {("b",)}


def test_a_purchase_that_is_not_known_yet_excludes_nobody(engine: Engine) -> None:
    late = [event("a", "tv1", "acquired", "2026-03-12") | {"known_at": "2026-03-15T00:00:00"}]
    company = situation(engine, customers=customers("a"), product_events=late)
    assert keys(engine, policy.cool_off_after_purchase(company, days=28)) == set()


def test_complaints_and_open_incidents_leave_the_customer_alone(engine: Engine) -> None:
    touches = [
        {"customer_id": name, "channel": "phone", "kind": kind, "occurred_at": "2026-03-10"}
        | ({"resolved_at": resolved} if resolved else {})
        for name, kind, resolved in (
            ("a", "complaint", None),
            ("b", "incident", "2026-03-12"),
            ("c", "incident", "2026-03-15T08:00:00"),
        )
    ]
    company = situation(engine, customers=customers("a", "b", "c"), interactions=touches)
    assert keys(engine, policy.cool_off_after_complaint(company, days=14)) == {("a",)}
    assert keys(engine, policy.open_incident(company, days=60)) == {("c",)}
    assert keys(engine, policy.open_incident(company, days=4)) == set()


def test_of_a_household_the_one_worth_most_stays(engine: Engine) -> None:
    offers = pa.table(
        {
            "customer_id": ["a", "b", "c", "d", "e"],
            "household_id": ["h", "h", None, None, "h"],
            "priority_cents": [3.0, 5.0, 1.0, 1.0, 5.0],
        }
    )
    assert keys(engine, policy.household_duplicates(engine.table(offers))) == {("a",), ("e",)}
