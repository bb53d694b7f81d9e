"""What the simulation does to people: contacts cause, marketers choose, surveys select."""

from dataclasses import replace

import numpy as np
import pytest

from pipeline.foundation.config import SimulatedParams
from pipeline.sources.simulated import campaigns, ledger, surveys
from pipeline.sources.simulated.arrays import Whole
from pipeline.sources.simulated.catalogue import CATEGORIES
from pipeline.sources.simulated.contact_effect import effect_on_acquisition
from pipeline.sources.simulated.contacts import EMAIL, add_up, one_contact
from pipeline.sources.simulated.ledger import Ledger
from pipeline.sources.simulated.scene import Scene, with_and_without_contact
from pipeline.sources.simulated.simulation import simulate
from pipeline.sources.simulated.timeline import NEVER
from pipeline.sources.simulated.touches import touch

INTERNET = [category.name for category in CATEGORIES].index("internet")
KINDS = (-1.0, 0.15, 1.3)
"""Receptivity of sleeping dogs, lost causes and persuadables."""


@pytest.fixture(scope="module")
def scene() -> Scene:
    return simulate(SimulatedParams(customers=3000, periods=14, seed=3, dirty_share=0.0)).last


def entry(kind: int, at: int) -> Ledger:
    one = np.zeros(1, np.int64)
    return Ledger(one, one, one + kind, one + at, one, one, one, one, one)


NOTHING = entry(0, 0).pick(np.zeros(1, bool))


def test_probabilities_are_shares_of_one(scene: Scene) -> None:
    everything = scene.chances.tiers.sum(axis=0) + scene.chances.cancel
    assert scene.chances.tiers.min() >= 0
    assert scene.chances.cancel.min() >= 0
    assert everything.max() < 1


def test_only_tiers_on_offer_can_be_acquired(scene: Scene) -> None:
    possible = scene.chances.tiers.max(axis=1) > 0
    assert (scene.offer.tiers == possible.T).all()


def test_a_contact_persuades_some_and_puts_others_off(scene: Scene) -> None:
    everybody = np.arange(len(scene.people))
    wave = add_up(
        scene.people,
        len(CATEGORIES),
        customer=everybody,
        category=np.full(len(everybody), INTERNET),
        channel=np.full(len(everybody), EMAIL),
    )
    contacted, left_alone = with_and_without_contact(scene, wave)
    assert left_alone is scene.chances
    uplift = contacted.cross_sell() - left_alone.cross_sell()
    asked = ~scene.held.owned[:, INTERNET]
    by_kind = {
        kind: uplift[asked & np.isclose(scene.people.receptivity, kind), INTERNET] for kind in KINDS
    }
    sleeping_dogs, lost_causes, persuadables = (by_kind[kind].mean() for kind in KINDS)
    assert persuadables > 5 * lost_causes > 0
    assert sleeping_dogs < -0.001
    assert uplift[:, INTERNET + 1 :].max() < 1e-6  # other categories only tire of it


def test_an_effect_wears_off_in_those_who_get_too_much(scene: Scene) -> None:
    one = one_contact(scene.people, len(CATEGORIES), EMAIL)
    persuadable = scene.people.receptivity > 1
    states = [
        replace(scene.state, contacts=one, fatigue=np.full(len(scene.people), float(fatigue)))
        for fatigue in (0, 12)
    ]
    fresh, weary = (effect_on_acquisition(scene.people, state) for state in states)
    assert weary[persuadable].mean() < 0.05 * fresh[persuadable].mean()
    assert (weary[~persuadable] <= fresh[~persuadable]).all()


def test_the_marketer_chooses_those_who_would_buy_anyway(scene: Scene) -> None:
    views = touch(scene).rows
    counts = np.zeros_like(scene.state.interest)
    about = views.product >= 0
    category = scene.catalogue.category[views.product[about]]
    np.add.at(counts, (views.customer[about], category), 1)
    granted = np.ones((len(scene.people), 5), bool)
    sent = campaigns.send(scene, counts, granted)
    contacted = np.zeros(counts.shape, bool)
    contacted[sent.customer, sent.category] = True
    others = ~contacted & ~scene.held.owned & scene.known[:, None]
    chance = scene.chances.cross_sell()
    ran = np.unique(sent.category)
    chosen = chance[:, ran][(contacted & ~scene.held.owned)[:, ran]].mean()
    assert chosen > 1.2 * chance[:, ran][others[:, ran]].mean()


def test_hardly_anybody_is_written_to_without_consent(scene: Scene) -> None:
    views = np.zeros_like(scene.state.interest)
    refused = np.zeros((len(scene.people), 5), bool)
    with_consent = campaigns.send(scene, views, ~refused)
    without = campaigns.send(scene, views, refused)
    assert 0 < len(without) < 0.02 * len(with_consent)


def test_the_unhappy_and_the_delighted_answer_more(scene: Scene) -> None:
    nobody = touch(scene).rows.pick(np.zeros(0, np.int64))
    rounds = [surveys.ask(_later(scene, shift), nobody) for shift in range(12)]
    asked = surveys.Surveys.stack(rounds)
    mood = scene.state.satisfaction[asked.customer]
    answers = asked.answered != NEVER
    ordinary = answers[np.abs(mood - 0.2) < 0.5].mean()
    assert answers[mood < -1].mean() > 1.3 * ordinary
    assert answers[mood > 1.4].mean() > 1.3 * ordinary
    assert (asked.score[answers] >= 0).all()
    assert (asked.score[~answers] == -1).all()


def _later(scene: Scene, shift: int) -> Scene:
    return Scene(
        scene.seed + shift,
        scene.people,
        scene.catalogue,
        scene.market,
        scene.state,
        scene.chances,
    )


def test_unhappy_customers_cancel_more_and_buy_less(scene: Scene) -> None:
    subscribed = scene.held.owned & (scene.chances.cancel > 0)
    mood = np.broadcast_to(scene.state.satisfaction[:, None], subscribed.shape)
    cancel = scene.chances.cancel
    assert cancel[subscribed & (mood < -1)].mean() > 2 * cancel[subscribed & (mood > 1)].mean()
    free = ~scene.held.owned
    first = scene.chances.cross_sell()
    assert first[free & (mood < -1)].mean() < 0.8 * first[free & (mood > 1)].mean()


@pytest.mark.parametrize(
    ("acquired", "ended", "expected"),
    [(10, None, 10), (10, 20, NEVER), (20, 10, 20)],
)
def test_a_product_is_as_its_last_event_left_it(
    acquired: int, ended: int | None, expected: int
) -> None:
    before: Whole = np.full((1, 1), NEVER)
    ends = NOTHING if ended is None else entry(ledger.RETURNED, ended)
    after = ledger.post(before, entry(ledger.ACQUIRED, acquired), ends)
    assert after.tolist() == [[expected]]
    assert before.tolist() == [[NEVER]]
