"""What contacts cause in the simulated company: by channel, by person, and hard to see."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import lightgbm as lgb
import numpy as np
import pandas as pd
import pytest

from pipeline.foundation.config import MODEL_NAMES, ModelName, SimulatedParams
from pipeline.sources.simulated import campaigns
from pipeline.sources.simulated.arrays import Flags, Floats
from pipeline.sources.simulated.catalogue import CATEGORIES, COUNT
from pipeline.sources.simulated.contacts import CHANNELS, EMAIL, PHONE, add_up
from pipeline.sources.simulated.scene import Scene, with_and_without_contact
from pipeline.sources.simulated.simulation import Company, simulate
from pipeline.sources.simulated.touches import COMPLAINT
from pipeline.sources.simulated.true_effects import true_effects
from pipeline.sources.simulated.truth import effects, propensities
from pipeline.sources.simulated.wave import ask, true_uplift
from tests.campaigns.simulated import decide
from tests.sources.visible_columns import visible_columns

SEEDS = (31, 32)
FOLDS = 3


@dataclass(frozen=True)
class Seen:
    """One company, the effects of a contact on its customers, and what its tables show of them."""

    company: Company
    relative: pd.DataFrame
    """By customer and channel: the effect over p(1 − p), averaged over the customer's candidates."""
    columns: pd.DataFrame
    kind: Floats
    """Receptivity of each row's customer."""


def look(seed: int) -> Seen:
    company = simulate(SimulatedParams(customers=2500, periods=32, seed=seed, dirty_share=0.0))
    relative = pd.DataFrame(dict(zip(CHANNELS, _relative(company.last), strict=True)))
    counted = company.last.known & relative["email"].notna().to_numpy()
    columns = visible_columns(company).reset_index(drop=True)
    return Seen(
        company,
        relative[counted].reset_index(drop=True),
        columns[counted].reset_index(drop=True),
        company.last.people.receptivity[counted],
    )


def _relative(scene: Scene) -> list[Floats]:
    found = true_effects(scene, "cross_sell")
    asked = ~scene.held.owned
    without = np.where(asked, found.without, 0.5).astype(np.float64)
    weight = asked / (without * (1 - without))
    count = np.where(asked.any(axis=1), asked.sum(axis=1), np.nan)
    return [((one - without) * weight).sum(axis=1) / count for one in found.with_contact]


@pytest.fixture(scope="module")
def companies() -> Mapping[int, Seen]:
    return {seed: look(seed) for seed in SEEDS}


@pytest.fixture(scope="module")
def scene(companies: Mapping[int, Seen]) -> Scene:
    return companies[SEEDS[0]].company.last


@pytest.mark.parametrize("seed", SEEDS)
def test_a_call_moves_more_than_a_letter_and_a_letter_more_than_a_screen(
    companies: Mapping[int, Seen], seed: int
) -> None:
    seen = companies[seed]
    persuaded = seen.relative[seen.kind > 1].mean()
    assert persuaded["phone"] > 1.5 * persuaded["mail"] > 1.5 * persuaded["email"] / 1.3
    assert persuaded["mail"] > persuaded["sms"] > persuaded["push"] > 0.1
    assert persuaded["phone"] < 1


@pytest.mark.parametrize("seed", SEEDS)
def test_a_call_puts_off_more_than_anything_else(companies: Mapping[int, Seen], seed: int) -> None:
    seen = companies[seed]
    put_off = seen.relative[seen.kind < 0].mean()
    assert put_off.idxmin() == "phone"
    assert put_off["phone"] < 1.3 * put_off["email"] < 0


@pytest.mark.parametrize("seed", SEEDS)
def test_one_customer_in_seven_is_put_off_by_a_contact(
    companies: Mapping[int, Seen], seed: int
) -> None:
    shares = (companies[seed].relative < 0).mean()
    assert shares.between(0.12, 0.165).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_no_column_that_the_tables_show_ranks_with_the_effect(
    companies: Mapping[int, Seen], seed: int
) -> None:
    seen = companies[seed]
    says_something = (seen.columns.notna().sum() > 200) & (seen.columns.std() > 0)
    told = seen.columns.loc[:, says_something]
    assert told.shape[1] > 150
    for channel in ("email", "phone"):
        ranks = told.rank().corrwith(seen.relative[channel].rank()).abs()
        assert 0.15 < ranks.max() < 0.4  # something is to be seen, and nothing says it all


@pytest.mark.parametrize("seed", SEEDS)
def test_half_of_what_differs_stays_hidden_from_who_is_told_the_truth(
    companies: Mapping[int, Seen], seed: int
) -> None:
    seen = companies[seed]
    for channel in ("email", "phone"):
        assert 0.05 < explained(seen.columns, seen.relative[channel].to_numpy()) < 0.5


def explained(columns: pd.DataFrame, effect: Floats) -> float:
    """Return the share of the variance that a cross-fitted regression on the truth explains."""
    fold = np.arange(len(effect)) % FOLDS
    fitted = np.empty(len(effect))
    for out in range(FOLDS):
        booster = lgb.train(
            {
                "objective": "l2",
                "learning_rate": 0.05,
                "num_leaves": 8,
                "min_data_in_leaf": 50,
                "feature_fraction": 0.2,
                "max_bin": 31,
                "num_threads": 1,
                "verbose": -1,
                "seed": 1,
            },
            lgb.Dataset(columns[fold != out], effect[fold != out]),
            num_boost_round=100,
        )
        fitted[fold == out] = np.asarray(booster.predict(columns[fold == out]))
    return float(1 - np.mean((effect - fitted) ** 2) / np.var(effect))


def test_who_listens_clicks_more_and_who_does_not_complains_and_leaves(
    companies: Mapping[int, Seen],
) -> None:
    for seen in companies.values():
        kind, events = seen.company.last.people.receptivity, seen.company.events
        who = kind[events.messages.customer]
        clicked, left = events.messages.clicked > 0, events.messages.unsubscribed > 0
        assert clicked[who > 1].mean() > 1.5 * clicked[who < 0].mean()
        assert left[who < 0].mean() > 1.3 * left[who > 0].mean()
        angry = kind[events.touches.customer[events.touches.kind == COMPLAINT]]
        assert (angry < 0).mean() > 1.2 * (kind < 0).mean()


def test_the_marketer_of_the_past_cannot_see_who_listens(scene: Scene) -> None:
    granted = np.ones((len(scene.people), len(CHANNELS)), bool)
    views = np.zeros_like(scene.state.interest)
    deaf = replace(scene.people, receptivity=np.zeros_like(scene.people.receptivity))
    sent, same = (
        campaigns.send(one, views, granted) for one in (scene, replace(scene, people=deaf))
    )
    for column in ("customer", "category", "channel", "sent"):
        assert np.array_equal(getattr(sent, column), getattr(same, column))


@pytest.mark.parametrize("channel", [EMAIL, PHONE])
@pytest.mark.parametrize("model", MODEL_NAMES)
def test_the_true_effect_is_that_of_one_contact_alone(
    scene: Scene, channel: int, model: ModelName
) -> None:
    found = true_effects(scene, model)
    category = np.arange(len(scene.people)) % COUNT
    everybody = np.arange(len(scene.people))
    one_each = add_up(
        scene.people,
        COUNT,
        customer=everybody,
        category=category,
        channel=np.full(len(everybody), channel),
    )
    chances, _ = with_and_without_contact(scene, one_each)
    expected = chances.up_sell() if model == "up_sell" else chances.cross_sell()
    place = (everybody, category)
    assert found.with_contact[channel][place] == pytest.approx(expected[place], rel=1e-5)


def test_a_wave_works_on_the_channel_of_each_offer_and_an_offer_on_the_web_on_nobody(
    scene: Scene,
) -> None:
    offers = decide(scene)
    truth = effects(scene).to_pandas()
    keys = ["model", "customer_id", "category"]
    rows = offers[keys].merge(truth, on=keys, how="left", validate="one_to_one")
    uplift = true_uplift(scene, ask(scene, offers))
    for channel in CHANNELS:
        mine = (offers["channel"] == channel).to_numpy()
        assert uplift[mine] == pytest.approx(rows.loc[mine, channel].to_numpy(), abs=1e-6)
    assert (uplift[(offers["channel"] == "web").to_numpy()] == 0).all()


def test_the_effects_stand_beside_the_propensities_of_the_scoring_date(
    companies: Mapping[int, Seen],
) -> None:
    company = companies[SEEDS[0]].company
    keys = ["model", "as_of_date", "customer_id", "category", "propensity"]
    known = propensities(company).to_pandas()
    today = known[known["as_of_date"] == known["as_of_date"].max()].reset_index(drop=True)
    told = effects(company.last).to_pandas()
    pd.testing.assert_frame_equal(told[keys], today[keys])
    assert set(told["category"]) == {category.name for category in CATEGORIES}
    after = told[list(CHANNELS)].add(told["propensity"], axis=0).to_numpy()
    is_probability: Flags = (after >= 0) & (after <= 1)
    assert is_probability.all()
