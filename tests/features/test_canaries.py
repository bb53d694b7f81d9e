"""Families that look into the future on purpose: the guard of every family must catch them.

The last tests take away what keeps the future out, and the guard must fail then. As things are, it
passes: test_family_contract holds every family to it on the same company.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from pipeline.features.family import Family, load
from pipeline.features.feature import Feature
from pipeline.features.view import View
from pipeline.population import history
from pipeline.population.history import History
from tests.company import company
from tests.features.replay import Replay, assert_blind_to_the_future

DATES = (date(2024, 6, 1), date(2024, 12, 1))
OUTCOME_DAYS = 60
TABLES = company(5)


def last_event(view: View) -> ir.Table:
    """Return each customer's last event of the whole ledger, whenever it was."""
    events = view.history.tables["product_events"]
    last = events.group_by("customer_id").aggregate(
        planted=events.occurred_at.max().epoch_seconds()
    )
    return view.asked.select("as_of_date", "customer_id").distinct().join(last, "customer_id")


def outcome(view: View) -> ir.Table:
    """Return whether each customer acquires something after the as-of date: the label."""
    events = view.history.tables["product_events"]
    asked = view.asked.select("as_of_date", "customer_id").distinct()
    pairs = asked.join(events.select("customer_id", "kind", "occurred_at"), "customer_id")
    day = pairs.as_of_date.cast("timestamp")
    is_outcome = (
        (pairs.kind == "acquired")
        & (pairs.occurred_at >= day)
        & (pairs.occurred_at < day + ibis.interval(days=OUTCOME_DAYS))
    )
    return pairs.group_by("as_of_date", "customer_id").aggregate(
        planted=is_outcome.any().cast("int64")
    )


def encoded_region(view: View) -> ir.Table:
    """Return the mean label of each customer's region over all dates: a leaking encoding."""
    people = view.history.customers.select("as_of_date", "customer_id", "region")
    labelled = people.join(outcome(view), ["as_of_date", "customer_id"])
    positives = labelled.planted.sum().cast("int64")
    means = labelled.group_by("region").aggregate(positives=positives, rows=labelled.count())
    means = means.select("region", planted=means.positives / means.rows)
    return people.join(means, "region").drop("region")


def planted(expression: Callable[[View], ir.Table]) -> Family:
    feature = Feature("planted", "Planted", "score", "not known")
    return Family("canary", (), (feature,), {"customer": expression})


def honest(view: View) -> ir.Table:
    """Return each customer's last event before the as-of date."""
    events = view.history.known("product_events")
    return events.group_by("as_of_date", "customer_id").aggregate(planted=events.age_days.min())


def guard(one: Family, tables: Mapping[str, pa.Table] = TABLES) -> None:
    """Compile a family as things are, and compare what it says of customers with what was on file."""
    replay = Replay([replace(one, expressions={"customer": one.expressions["customer"]})])
    try:
        assert_blind_to_the_future(replay, tables, DATES)
    finally:
        replay.engine.close()


def test_an_honest_family_passes_the_guard() -> None:
    guard(planted(honest))


@pytest.mark.parametrize("expression", [last_event, outcome, encoded_region])
def test_a_family_that_looks_into_the_future_is_caught(
    expression: Callable[[View], ir.Table],
) -> None:
    with pytest.raises(AssertionError, match=r"canary__planted|DataFrame"):
        guard(planted(expression))


WITH_LATE_FACTS = ("product_history", "channel_interactions", "surveys", "email_responses")


@pytest.mark.parametrize("name", WITH_LATE_FACTS)
def test_without_the_moment_of_knowing_the_guard_fails(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    look = History.known

    def forgetful(self: History, table: str, days: int | None = None) -> ir.Table:
        forgotten = {**self.tables, table: self.tables[table].drop("known_at")}
        return look(History(forgotten, self.dates), table, days)

    monkeypatch.setattr(History, "known", forgetful)
    with pytest.raises(AssertionError, match=rf"{name}__|DataFrame"):
        guard(load([name])[0])


@pytest.mark.parametrize("name", ["channel_interactions", "surveys", "email_responses"])
def test_with_moments_that_lay_ahead_the_guard_fails(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def unmasked(_: ir.BooleanValue, value: ir.Value) -> ir.Value:
        return value

    monkeypatch.setattr(history, "_if", unmasked)
    with pytest.raises(AssertionError, match=rf"{name}__|DataFrame"):
        guard(load([name])[0], company(5, facts=1000))
