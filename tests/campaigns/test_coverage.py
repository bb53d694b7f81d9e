"""Two hundred waves of one company: the limits hold the truth as often as they say."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

from pipeline.campaigns.average_effect import AverageEffect, average_effect
from pipeline.campaigns.conclusion import conclude
from pipeline.campaigns.realised import compare_halves
from pipeline.offers.experiment import campaign_control
from pipeline.sources.simulated.scene import Scene, set_scene
from pipeline.sources.simulated.wave import ask, true_uplift
from tests.campaigns.simulated import decide, last_scene, live_through

pytestmark = pytest.mark.slow
WAVES = 200


@dataclass(frozen=True)
class Waves:
    """What was measured, wave by wave, and what is true of all of them."""

    truth: dict[str, float]
    effects: list[dict[str, AverageEffect]]
    campaign: list[str]
    ranks: list[bool | None]

    def coverage(self, outcome: str, kind: str) -> float:
        """Return the share of waves whose limits hold the truth."""
        found = [getattr(wave[outcome], kind).difference for wave in self.effects]
        return float(np.mean([one.low <= self.truth[outcome] <= one.high for one in found]))


def draw_waves(scene: Scene, count: int = WAVES) -> Waves:
    offers = decide(scene)
    asked = ask(scene, offers)
    uplift = true_uplift(scene, asked)
    cost, value = offers["contact_cost_cents"], offers["value_cents"]
    truth = {
        "take_up": float(uplift.mean()),
        "profit_cents": float((uplift * value - cost).mean()),
    }
    measured: list[dict[str, AverageEffect]] = []
    campaign: list[str] = []
    ranks: list[bool | None] = []
    for number in range(count):
        control = campaign_control(offers, share=0.3, salt=f"wave {number}").to_numpy()
        outcome = live_through(np.random.default_rng(number), scene, asked, ~control)
        took = asked.taken(scene, outcome).astype(np.int64)
        rows = offers.assign(
            arm=np.where(control, "campaign_control", "treated"),
            household=offers["household_id"],
            take_up=took,
            profit_cents=took * value - cost * ~control,
        )
        found = {name: average_effect(rows, "campaign_control", name) for name in truth}
        conclusion = conclude(list(found.values()), compare_halves(rows), None, None)
        measured.append(found)
        campaign.append(conclusion.campaign)
        ranks.append(conclusion.ranks)
    return Waves(truth, measured, campaign, ranks)


@pytest.fixture(scope="module")
def scene() -> Scene:
    return last_scene(customers=2000)


@pytest.fixture(scope="module")
def waves(scene: Scene) -> Waves:
    return draw_waves(scene)


def test_the_limits_hold_the_truth_in_about_ninety_five_of_a_hundred_waves(waves: Waves) -> None:
    # 200 waves at 0.95: 0.91 to 0.985 leaves out less than 2 in 100 series of waves.
    for outcome in waves.truth:
        for kind in ("raw", "adjusted"):
            assert 0.91 <= waves.coverage(outcome, kind) <= 0.985, f"{outcome}, {kind}"


def test_the_estimates_lie_around_the_truth(waves: Waves) -> None:
    for outcome, truth in waves.truth.items():
        for kind in ("raw", "adjusted"):
            values = pd.Series(
                [getattr(wave[outcome], kind).difference.value for wave in waves.effects]
            )
            assert abs(values.mean() - truth) < 4 * values.std() / np.sqrt(WAVES)


def test_adjusting_makes_the_limits_of_take_up_narrower(waves: Waves) -> None:
    is_narrower = [wave["take_up"].is_adjusted for wave in waves.effects]
    assert np.mean(is_narrower) > 0.9


def test_a_campaign_that_causes_nothing_is_called_so_while_the_model_ranks(scene: Scene) -> None:
    deaf = np.zeros_like(scene.people.receptivity)
    people = replace(scene.people, receptivity=deaf)
    same = set_scene(people, scene.catalogue, scene.market, scene.state, seed=scene.seed)
    waves = draw_waves(same, 100)
    assert waves.truth["take_up"] == pytest.approx(0, abs=1e-6)
    called = pd.Series(waves.campaign).value_counts(normalize=True)
    assert called["nothing"] >= 0.9
    assert np.mean([rank is True for rank in waves.ranks]) > 0.95
