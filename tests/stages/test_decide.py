"""The laws of the decide stage, on small random companies: whoever is sent something may be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partialmethod
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline.foundation import config, paths
from pipeline.foundation.batch_functions import WholeGroups
from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelReport
from pipeline.foundation.contracts.outputs import (
    CONTACT_LOG,
    NEXT_BEST_OFFERS,
    REASONS,
    RUNNERS_UP,
)
from pipeline.foundation.engines import Engine
from pipeline.foundation.errors import ConfigurationError
from pipeline.io.outputs import write_output
from pipeline.offers.decision_funnel import report_decision
from pipeline.offers.wave_decision import WaveDecision
from pipeline.stages import decide
from tests.wave_company import make_company, params_of


@dataclass(frozen=True)
class Decided:
    """A wave, and its tables in memory, sorted by customer."""

    wave: WaveDecision
    rows: pd.DataFrame
    logged: pd.DataFrame
    runners_up: pd.DataFrame

    @property
    def offers(self) -> pd.DataFrame:
        return self.wave.offers


def decide_on(engine: Engine, params: config.Params, day: date) -> Decided:
    wave = decide.decide(engine, params, day)
    tables = (
        engine.arrow(table.order_by(list(contract.keys))).to_pandas()
        for table, contract in (
            (wave.decided, NEXT_BEST_OFFERS),
            (wave.logged, CONTACT_LOG),
            (wave.runners_up, RUNNERS_UP),
        )
    )
    return Decided(wave, *tables)


@pytest.fixture(scope="module")
def decided(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Decided, date]]:
    folder = tmp_path_factory.mktemp("company")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        day = make_company(engine, folder, seed=1)
        yield decide_on(engine, params_of(), day), day


def facts(name: str) -> pd.DataFrame:
    frame: pd.DataFrame = pq.read_table(paths.table(paths.VALIDATED, name)).to_pandas()
    return frame


def funnel_of(decision: Decided) -> FunnelReport:
    params = params_of()
    return report_decision(decision.wave, params.contact_policy.rules, params.experiment)


def sent(decision: Decided) -> pd.DataFrame:
    rows = decision.rows
    return rows[rows["arm"] == "treated"]


def test_there_is_one_row_a_customer_and_a_reason_for_all_that_are_not_contacted(
    decided: tuple[Decided, date],
) -> None:
    rows = decided[0].rows
    assert rows["customer_id"].is_unique
    assert rows["customer_id"].is_monotonic_increasing
    assert rows["suppression_reason"].isna().equals(rows["arm"] == "treated")
    assert rows["product_id"].notna().equals(rows["arm"].notna())
    assert 0 < len(sent(decided[0])) < len(rows)


def test_nobody_is_sent_a_text_message_at_night(decided: tuple[Decided, date]) -> None:
    rows = sent(decided[0])
    assert rows.loc[rows["channel"] == "sms", "hour"].between(9, 20).all()
    assert not rows.loc[rows["channel"] == "email", "hour"].between(9, 20).all()


def test_only_customers_with_consent_on_the_channel_are_contacted(
    decided: tuple[Decided, date],
) -> None:
    decision, day = decided
    ledger = facts("consents").sort_values("changed_at")
    before = ledger[ledger["changed_at"] < pd.Timestamp(day)]
    last = before.groupby(["customer_id", "channel"])["granted"].last()
    rows = sent(decision)
    assert last.loc[list(zip(rows["customer_id"], rows["channel"], strict=True))].all()


def test_what_was_permitted_is_written_with_the_consent_on_record(
    decided: tuple[Decided, date],
) -> None:
    decision, _ = decided
    found = pq.read_table(paths.table(paths.OFFERS, "permitted_channels")).to_pandas()
    written = found.set_index(["customer_id", "channel"])
    rows = sent(decision)
    used = written.loc[list(zip(rows["customer_id"], rows["channel"], strict=True))]
    assert used["has_consent"].all()
    assert used["is_permitted"].all()
    assert not found["is_permitted"].all()  # consent alone permits nothing


def test_nobody_of_a_control_group_is_contacted_and_households_stay_together(
    decided: tuple[Decided, date],
) -> None:
    rows = decided[0].rows
    assert not sent(decided[0])["is_universal_control"].any()
    households = rows.merge(facts("customers")[["customer_id", "household_id"]])
    withheld = households.groupby("household_id")["is_universal_control"].mean()
    assert withheld.isin([0.0, 1.0]).all()
    offered = households[households["arm"].notna()]
    assert offered["household_id"].is_unique  # one person a household
    assert {"treated", "campaign_control", "universal_control"} == set(offered["arm"])


def test_a_product_on_offer_is_on_sale_and_new_to_the_customer(
    decided: tuple[Decided, date],
) -> None:
    decision, day = decided
    products = facts("products").set_index("product_id")
    rows = decision.rows[decision.rows["arm"].notna()]
    named = products.loc[rows["product_id"]]
    assert (named["launched_on"].isna() | (named["launched_on"] <= day)).all()
    assert (named["retired_on"].isna() | (named["retired_on"] > day)).all()
    assert named["category"].tolist() == rows["category"].tolist()
    events = facts("product_events")
    known = events[events["known_at"].fillna(events["occurred_at"]) < pd.Timestamp(day)]
    returned = known[known["kind"] == "returned"]
    pairs = set(zip(returned["customer_id"], returned["product_id"], strict=True))
    assert not pairs & set(zip(rows["customer_id"], rows["product_id"], strict=True))


def test_an_offer_is_worth_more_than_its_contact_and_at_least_what_comes_after_it(
    decided: tuple[Decided, date],
) -> None:
    decision, _ = decided
    rows = decision.rows[decision.rows["arm"].notna()].set_index("customer_id")
    rows = rows[~rows["is_explored"].astype(bool)]
    parts = rows["effect"] * rows["value_cents"] * rows["context"] * rows["lever"]
    assert (rows["priority_cents"] > 0).all()
    assert rows["priority_cents"].to_numpy() == pytest.approx(parts - rows["contact_cost_cents"])
    others = decision.runners_up
    others = others[others["customer_id"].isin(rows.index)]
    assert (others["priority_cents"] <= others["customer_id"].map(rows["priority_cents"])).all()


def test_the_funnel_adds_up_to_everybody(decided: tuple[Decided, date]) -> None:
    report = funnel_of(decided[0])
    steps = report.funnel
    assert sum(step.fell for step in steps) + report.offers.sent == report.customers
    assert steps[-1].stayed == report.offers.sent


@pytest.mark.slow
def test_deciding_again_gives_the_same_answer(
    engine: Engine, decided: tuple[Decided, date]
) -> None:
    first, day = decided
    again = decide_on(engine, params_of(), day)
    pd.testing.assert_frame_equal(first.rows, again.rows)


@pytest.mark.parametrize("value", ["effect", "propensity"])
def test_a_few_customers_weighed_at_a_time_are_decided_on_as_all_at_once(
    engine: Engine,
    decided: tuple[Decided, date],
    monkeypatch: pytest.MonkeyPatch,
    value: str,
) -> None:
    params = params_of(decide={"value": value, "budget": "20.00"})
    _, day = decided
    at_once = decide_on(engine, params, day)
    monkeypatch.setattr(WholeGroups, "__init__", partialmethod(WholeGroups.__init__, rows=7))
    by_sevens = decide_on(engine, params, day)
    pd.testing.assert_frame_equal(at_once.rows, by_sevens.rows)
    assert at_once.wave.sensitivity == by_sevens.wave.sensitivity
    pd.testing.assert_frame_equal(at_once.logged, by_sevens.logged)
    pd.testing.assert_frame_equal(at_once.runners_up, by_sevens.runners_up)


def test_an_explored_offer_is_permitted_and_its_probability_is_logged(
    engine: Engine, decided: tuple[Decided, date]
) -> None:
    first, day = decided
    explored = decide_on(engine, params_of(experiment={"exploration_share": 0.5}), day)
    offers = explored.offers
    assert set(offers["customer_id"]) == set(first.offers["customer_id"])
    assert 0 < offers["is_explored"].mean() < 1
    assert offers["action_probability"].between(0, 1).all()
    keys = ["customer_id", "model", "category", "channel"]
    drawn = offers.loc[offers["is_explored"], keys].merge(explored.logged, on=keys)
    assert len(drawn) == offers["is_explored"].sum()
    assert drawn["is_explorable"].all()


def test_by_propensity_more_is_claimed_to_happen_anyway_than_to_be_caused(
    engine: Engine, decided: tuple[Decided, date]
) -> None:
    first, day = decided
    old = decide_on(engine, params_of(decide={"value": "propensity"}), day)
    parts = old.offers["propensity"] * old.offers["value_cents"]
    assert (old.offers["priority_cents"] <= parts).all()
    claims = [funnel_of(decision).claim for decision in (first, old)]
    assert "counts what would happen anyway" in claims[1].statement
    assert claims[1].take_ups_predicted > 3 * claims[1].take_ups_caused.value
    assert claims[0].incremental_profit_cents.value > claims[1].incremental_profit_cents.value


def test_capacities_and_budget_are_kept_and_those_cut_have_their_reason(
    engine: Engine, decided: tuple[Decided, date]
) -> None:
    _, day = decided
    limits = {
        "capacities": {"models": {"up_sell": 2}, "categories": {"tea": 3}, "channels": {}},
        "budget": 5.00,
    }
    cut = decide_on(engine, params_of(decide=limits), day)
    offers = cut.offers
    assert (offers["model"] == "up_sell").sum() <= 2
    assert (offers["category"] == "tea").sum() <= 3
    assert offers["contact_cost_cents"].sum() <= 500
    assert "over_capacity" in set(cut.rows["suppression_reason"])


def test_a_channel_that_is_full_moves_customers_to_another_one(
    engine: Engine, decided: tuple[Decided, date]
) -> None:
    first, day = decided
    letters = set(first.offers.loc[first.offers["channel"] == "mail", "customer_id"])
    assert len(letters) > 3
    full = {"capacities": {"models": {}, "categories": {}, "channels": {"mail": 2}}}
    offers = decide_on(engine, params_of(decide=full), day).offers
    assert (offers["channel"] == "mail").sum() <= 2
    is_moved = offers["customer_id"].isin(letters) & (offers["channel"] != "mail")
    assert is_moved.sum() > 1  # offered on another channel rather than cut


def test_a_sealed_wave_counts_as_a_contact_and_keeps_its_controls(
    engine: Engine, decided: tuple[Decided, date]
) -> None:
    first, day = decided
    earlier = pd.Timestamp(day) - pd.Timedelta(days=5)
    rows = first.rows.assign(
        as_of_date=earlier.date(),
        wave="w",
        campaign="w-x",
        valid_from=earlier.date(),
        is_universal_control=first.rows["customer_id"] < "c020",
        **dict.fromkeys(("weekday", "hour", "device", "offer_code")),
    )
    write_output(rows, paths.table(paths.WAVES, "w"), NEXT_BEST_OFFERS)
    try:
        policy = params_of(decide={}).contact_policy.model_dump()
        policy["limits"] |= {"frequency_cap": {"days": [7], "messages": [1]}}
        second = decide_on(engine, params_of(contact_policy=policy), day)
    finally:
        paths.table(paths.WAVES, "w").unlink()
    after = second.rows.set_index("customer_id")
    written = sent(first)["customer_id"]
    assert set(after.loc[written, "suppression_reason"]) == {"frequency_cap"}
    assert after.loc[after.index < "c020", "is_universal_control"].all()


def test_a_company_without_a_ledger_of_consents_contacts_nobody_and_says_what_to_do(
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.chdir(tmp_path)
    day = make_company(engine, tmp_path, 3)
    paths.table(paths.VALIDATED, "consents").unlink()
    decision = decide_on(engine, params_of(), day)
    assert set(decision.rows["suppression_reason"]) == {"consent", "nothing_eligible"}
    funnel = funnel_of(decision)
    assert funnel.offers.sent == 0
    remedy = funnel.remedies["consent"]
    assert "no table of consents, so nobody may be contacted" in remedy
    assert "contact_policy.limits.consent.without_record" in remedy
    assert remedy in caplog.text
    write_output(decision.rows, paths.table(paths.OFFERS, "next_best_offers"), NEXT_BEST_OFFERS)
    no_reasons = pd.DataFrame({name: [] for name, _ in REASONS.columns})
    write_output(no_reasons, paths.table(paths.SCORES, "reasons"), REASONS)
    assert (
        engine.arrow(decide.give_reasons(engine, params_of(), decision.offers, day)).num_rows == 0
    )


def test_a_channel_that_needs_no_record_is_used_without_a_ledger_of_consents(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    day = make_company(engine, tmp_path, 3)
    paths.table(paths.VALIDATED, "consents").unlink()
    policy = params_of().contact_policy.model_dump()
    policy["limits"] |= {"consent": {"without_record": ["email"]}}
    decision = decide_on(engine, params_of(contact_policy=policy), day)
    assert set(sent(decision)["channel"]) == {"email"}
    found = pq.read_table(paths.table(paths.OFFERS, "permitted_channels")).to_pandas()
    assert not found["has_consent"].any()
    assert set(found["channel"]) == {"email"}


def test_reasons_that_the_scores_tell_are_not_worked_out_again(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    offer = {"model": "cross_sell", "customer_id": "c001", "category": "tea"}
    reason = offer | {"position": 1, "feature": "surveys__score", "value": "9", "contribution": 0.5}
    others = reason | {"category": "coffee"}
    told = pd.DataFrame([reason, others, others | {"customer_id": "c002"}])
    write_output(told, paths.table(paths.SCORES, "reasons"), REASONS)
    # There is no champion and no feature here: whoever asked them would fail.
    found = decide.give_reasons(engine, params_of(), pd.DataFrame([offer]), date(2024, 6, 1))
    assert engine.arrow(found).to_pylist() == [reason]


@pytest.mark.parametrize(
    ("hours", "told"),
    [({"sms": [21, 9]}, "found 21 and 9"), ({"fax": [9, 21]}, "contact_hours.fax: one of email")],
)
def test_hours_that_end_before_they_begin_or_of_no_channel_are_refused(
    hours: dict[str, list[int]], told: str
) -> None:
    with pytest.raises(ConfigurationError, match=told):
        params_of(decide={"contact_hours": hours})
