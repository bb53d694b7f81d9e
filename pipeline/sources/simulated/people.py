"""Who the customers are: what the tables never say, from which everything else follows.

Members of a household share much of their income, tastes and circumstances.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.sources.simulated import behaviour
from pipeline.sources.simulated.arrays import (
    Flags,
    Floats,
    Whole,
    normal,
    sigmoid,
    stream,
    uniform,
)
from pipeline.sources.simulated.catalogue import CATEGORIES, COUNT
from pipeline.sources.simulated.timeline import DAY, PERIOD_DAYS

BUSINESS = behaviour.STAGES.index("business")
_STAGE_SHARES = (0.2, 0.19, 0.26, 0.15, 0.13, 0.07)
_STAGE_INCOMES = (-0.5, 0.15, 0.2, 0.35, -0.45, 0.5)
_STAGE_DIGITAL = (0.8, 0.4, 0.2, -0.3, -1.1, 0.1)
_JOINED_BEFORE_SHARE = 0.6
_TOUCHY, _OPEN = -1.0, 0.24
"""One in seven leans less than the first and is put off by contacts; two in five lean more than the
second and are persuaded by them."""
REGIONS = 8


@dataclass(frozen=True)
class People:
    """Latent traits, one row a customer; around zero with a spread near one unless said otherwise."""

    household: Whole
    region: Whole
    stage: Whole
    income: Floats
    appetite: Floats
    """[customers, categories]: lasting taste for a category, in log-odds."""
    quality: Floats
    """[customers, categories]: the tier that is wanted, from 0 (the lowest) to 1."""
    thrift: Floats
    loyalty: Floats
    drive: Floats
    """How much is bought, of whatever."""
    digital: Floats
    candour: Floats
    """Readiness to answer surveys."""
    receptivity: Floats
    """How far contacts move: above zero towards a purchase, below it (sleeping dogs) away."""
    brand: Floats
    """[customers, categories]: the place on the shelf that is reached for, 0..1."""
    hides_opens: Flags
    """The mail programme fetches every picture, so that every mail looks opened."""
    joined: Whole
    """Second of the sign-up."""
    first: int = 0
    """The number of the first among the company's customers; the others follow it."""

    def __len__(self) -> int:
        return len(self.joined)

    def known_before(self, period: int) -> Flags:
        """Return who had signed up on a day before a period's first."""
        return self.joined // DAY < period * PERIOD_DAYS


@dataclass(frozen=True)
class _Homes:
    """What a household shares."""

    stage: Whole
    income: Floats
    tastes: Floats
    needs: Floats
    """[households, 2]: an animal, a garden; above zero is yes."""
    region: Whole


def draw_people(seed: int, customers: int, periods: int, first: int = 0) -> People:
    """Draw the customers.

    Args:
        seed: of the simulation.
        customers: how many.
        periods: over which the later ones join.
        first: number of the first.
    """
    rng = stream(seed, "people")
    household = _draw_households(rng, customers)
    homes = _draw_homes(rng, int(household.max()) + 1)
    stage, region = homes.stage[household], homes.region[household]
    income = 0.8 * homes.income[household] + 0.5 * normal(rng, customers)
    digital = np.array(_STAGE_DIGITAL, np.float32)[stage] + 0.8 * normal(rng, customers)
    thrift = 0.8 * normal(rng, customers) - 0.5 * income
    appetite = _draw_appetite(rng, homes, household, income)
    loyalty, candour = normal(rng, customers), normal(rng, customers)
    return People(
        household=household,
        region=region,
        stage=stage,
        income=income,
        appetite=appetite,
        quality=_draw_quality(rng, income, thrift, appetite),
        thrift=thrift,
        loyalty=loyalty,
        drive=normal(rng, customers),
        digital=digital,
        candour=candour,
        receptivity=_draw_receptivity(rng, digital, thrift, candour),
        brand=uniform(rng, customers, COUNT),
        hides_opens=uniform(rng, customers) < sigmoid(digital - 0.9),
        joined=_draw_joining(rng, customers, periods),
        first=first,
    )


def _draw_households(rng: np.random.Generator, customers: int) -> Whole:
    """Put one to three customers into each household, in no order."""
    sizes = rng.choice([1, 2, 3], customers, p=[0.72, 0.22, 0.06])
    household = np.repeat(np.arange(customers), sizes)[:customers]
    return rng.permutation(household)


def _draw_homes(rng: np.random.Generator, count: int) -> _Homes:
    stage = rng.choice(len(_STAGE_SHARES), count, p=_STAGE_SHARES)
    region = rng.choice(REGIONS, count, p=[0.22, 0.19, 0.15, 0.12, 0.11, 0.09, 0.07, 0.05])
    wealth = np.linspace(0.4, -0.4, REGIONS, dtype=np.float32)[region]
    income = np.array(_STAGE_INCOMES, np.float32)[stage] + wealth + normal(rng, count)
    land = np.linspace(-0.8, 0.8, REGIONS, dtype=np.float32)[region]  # the smaller, the greener
    grown = np.isin(stage, [2, 3, 4]).astype(np.float32)
    needs = np.stack(
        [
            normal(rng, count) + 0.5 * grown - 0.2,
            normal(rng, count) + land + 0.6 * grown,
        ],
        axis=1,
    )
    return _Homes(stage, income, normal(rng, count, len(behaviour.TASTES)), needs, region)


def _draw_appetite(
    rng: np.random.Generator, homes: _Homes, household: Whole, income: Floats
) -> Floats:
    """Mix tastes, stage of life, income and circumstances; none of them adds up simply."""
    people = len(household)
    own = normal(rng, people, len(behaviour.TASTES))
    tastes = 0.6 * homes.tastes[household] + 0.8 * own
    stage = homes.stage[household]
    drawn = tastes @ behaviour.tastes().T
    by_stage = behaviour.stages()[stage]
    where, much = behaviour.incomes()
    by_income = much * np.tanh(2.5 * (income[:, None] - where))
    # A taste counts where the stage of life leaves room for it, and little where it does not.
    room = 0.25 + 0.75 * sigmoid(3.0 * by_stage)
    needs = np.zeros((people, COUNT), np.float32)
    for c, category in enumerate(CATEGORIES):
        if category.name in behaviour.NEEDS:
            has = homes.needs[household, behaviour.NEEDS[category.name]] > 0
            needs[:, c] = np.where(has, 0.6, -1.2)
    whim = 0.4 * normal(rng, people, COUNT)
    appetite: Floats = 0.8 * room * drawn + 1.5 * by_stage + 1.7 * by_income + needs + whim
    return appetite


def _draw_quality(
    rng: np.random.Generator, income: Floats, thrift: Floats, appetite: Floats
) -> Floats:
    lasting = 0.8 * normal(rng, len(income)) - 0.4 * thrift
    whim = 0.4 * normal(rng, len(income), COUNT)
    wealth = np.tanh(1.2 * income)
    return sigmoid((lasting + wealth)[:, None] + 0.25 * appetite + whim)


def _draw_receptivity(
    rng: np.random.Generator, digital: Floats, thrift: Floats, candour: Floats
) -> Floats:
    """Draw persuadables, lost causes and sleeping dogs; who is what depends on other traits.

    Those who mind prices, live on screens and speak their mind listen more; most of it is luck.
    """
    lean = 0.45 * thrift + 0.35 * digital + 0.4 * candour + 0.7 * normal(rng, len(digital))
    effects = np.array([-1.0, 0.15, 1.3], np.float32)
    return effects[np.where(lean < _TOUCHY, 0, np.where(lean > _OPEN, 2, 1))]


def _draw_joining(rng: np.random.Generator, customers: int, periods: int) -> Whole:
    """Let most have joined in the nine years before the records, the others steadily since."""
    years = np.minimum(rng.exponential(3.0, customers), 9.0)
    before = -1 - (years * 365 * DAY).astype(np.int64)
    later = rng.integers(0, periods * PERIOD_DAYS * DAY, customers)
    return np.where(rng.random(customers) < _JOINED_BEFORE_SHARE, before, later)
