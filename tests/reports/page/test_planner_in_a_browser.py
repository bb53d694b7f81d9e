"""What the planner shows in a real browser is what Python computes of the same settings."""

import json
from dataclasses import replace
from typing import Any

import pytest

from pipeline.offers.campaign_plan import CampaignPlan, PlanGroup, PlanSettings, plan_campaign
from pipeline.reports.language.words import Words
from pipeline.reports.page.composition import compose_campaign
from pipeline.reports.page.planner_inputs import PlannerInputs
from pipeline.reports.page.rendering import render_campaign
from pipeline.reports.page.sections.planner_section import describe_planner, tell_plan
from tests.reports.browser import ask
from tests.reports.inputs import funnel, page_inputs, planner

COSTS = {"email": 1.0, "mail": 75.0, "phone": 450.0}
CAUTIOUS = {"email": 0.02, "mail": 0.1, "phone": 0.4}
SETTINGS = {
    "as the wave": PlanSettings(COSTS, contacts=2250),
    "the best cut-off": PlanSettings(COSTS),
    "few contacts": PlanSettings(COSTS, contacts=321),
    "nobody": PlanSettings(COSTS, contacts=0),
    "a budget": PlanSettings(COSTS, contacts=2250, budget_cents=12345.0),
    "a budget for whom it pays": PlanSettings(COSTS, budget_cents=900.0),
    "free e-mails": PlanSettings({**COSTS, "email": 0.0}, contacts=1000, budget_cents=5000.0),
    "cheap calls": PlanSettings({**COSTS, "phone": 5.0}, contacts=2250),
    "the lower end": PlanSettings(COSTS, effect_scale=0.333333),
    "the upper end": PlanSettings(COSTS, contacts=2250, effect_scale=1.666667),
    "assumed": PlanSettings(COSTS, contacts=2250, assumed_shares=CAUTIOUS),
    "assumed, for whom it pays": PlanSettings(COSTS, assumed_shares=CAUTIOUS),
}
SCRIPT = """
const told = {};
for (const [name, given] of Object.entries(GIVEN)) {
  document.getElementById("plan-contacts").value = given.contacts ?? "";
  document.getElementById("plan-budget").value = given.budget ?? "";
  document.getElementById("plan-effect").value = given.effect;
  for (const row of document.querySelectorAll("tr[data-channel]")) {
    row.querySelector(".plan-cost").value = given.costs[row.dataset.channel];
    row.querySelector(".plan-share").value = given.shares[row.dataset.channel];
  }
  document.getElementById("plan-form").dispatchEvent(new Event("input"));
  const shown = {};
  for (const at of ["made", "sales", "caused", "cost", "profit", "cutoff", "most"]) {
    const found = document.getElementById("plan-" + at);
    shown[at] = [Number(found.dataset.value), found.textContent];
  }
  const channels = {};
  for (const row of document.querySelectorAll("tr[data-channel]")) {
    channels[row.dataset.channel] = row.querySelector("td.plan-contacts").textContent;
  }
  const points = document.querySelector("#plan-curve .curve").getAttribute("points");
  const hidden = [...document.querySelectorAll(".assumed")].map((cell) => cell.hidden);
  told[name] = { shown, channels, hidden, points: points.split(" ").length };
}
tell(told);
"""


def group(place: int) -> PlanGroup:
    """Return one of fifteen groups, whose contacts add less and less, and cost more in the end."""
    size = 10 + 20 * place
    worth = (15 - place) * size
    options = {"email": 0.7 * worth, "mail": 8.1 * worth, "phone": 40.3 * worth}
    kept = {name: options[name] for name in list(options)[: 1 + place % 3]}
    return PlanGroup(
        customers=size,
        take_ups=0.037 * size,
        value_cents=55.5 * size,
        caused={name: gained / 1200 for name, gained in kept.items()},
        gained_cents=kept,
    )


def inputs() -> PlannerInputs:
    return replace(
        planner(),
        groups=[group(place) for place in range(15)],
        costs_cents={"email": 1, "mail": 75, "phone": 450},
    )


def given(settings: PlanSettings) -> dict[str, Any]:
    scale = "1" if settings.effect_scale == 1 else f"{settings.effect_scale:.6f}"
    shares = settings.assumed_shares
    budget = settings.budget_cents
    return {
        "contacts": settings.contacts,
        "budget": None if budget is None else budget / 100,
        "effect": scale if shares is None else "",
        "costs": {name: cents / 100 for name, cents in settings.costs_cents.items()},
        "shares": {name: 100 * share for name, share in (shares or CAUTIOUS).items()},
    }


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Any:
    page = render_campaign(compose_campaign(replace(page_inputs(), planner=inputs())))
    asked = json.dumps({name: given(settings) for name, settings in SETTINGS.items()})
    return ask(page, f"const GIVEN = {asked};{SCRIPT}", tmp_path_factory.mktemp("browser"))


def numbers(plan: CampaignPlan) -> list[float]:
    return [
        plan.contacts,
        plan.take_ups,
        plan.caused,
        plan.cost_cents,
        plan.profit_cents,
        plan.best_contacts,
        plan.best_profit_cents,
    ]


@pytest.mark.parametrize("name", SETTINGS)
def test_the_browser_computes_what_python_computes(shown: Any, name: str) -> None:
    plan = plan_campaign(inputs().groups, SETTINGS[name])
    of_page = shown[name]
    assert [one for one, _ in of_page["shown"].values()] == pytest.approx(numbers(plan), rel=1e-9)
    assert [text for _, text in of_page["shown"].values()] == [
        Words()(text) for *_, text in tell_plan(plan)
    ]
    by_channel = {channel: f"{one.contacts:,}" for channel, one in plan.by_channel.items()}
    assert of_page["channels"] == by_channel
    assert of_page["points"] == len(plan.curve)
    is_assumed = SETTINGS[name].assumed_shares is not None
    assert of_page["hidden"] == [not is_assumed] * 4  # the head and three channels


def test_the_planner_opens_with_what_the_wave_comes_to() -> None:
    opened = describe_planner(planner(), funnel().claim)
    assert opened
    assert {at: text for at, _, text in opened.figures} == {
        "made": "4",
        "sales": "10",  # 6.25 + 3.25 = 9.5, rounded half to even
        "caused": "1",  # 0.5 by e-mail, which adds 199.00 each against 197.17 by phone, + 0.5
        "cost": "¤12",
        "profit": "¤988",
        "cutoff": "4",
        "most": "¤988",
    }
    assert opened.effects[1] == ("0.333333", "The lower end of its interval")


def test_a_wave_without_contacts_has_no_planner() -> None:
    empty = replace(page_inputs(), planner=replace(planner(), groups=()))
    assert 'id="planner"' not in render_campaign(compose_campaign(empty))


def test_a_best_cut_off_below_the_wave_is_explained_by_what_was_drawn_at_random() -> None:
    dear = replace(planner(), costs_cents={"email": 100, "phone": 45000})  # no call pays
    opened = describe_planner(dear, funnel().claim)
    assert opened
    assert opened.note.startswith("The wave also contacts 3 drawn at random, 2 of them at a loss")
    same = describe_planner(planner(), funnel().claim)
    assert same
    assert not same.note
