"""The company's life, period by period: state → hazards → events → the next state."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.foundation.config import SimulatedParams
from pipeline.sources.simulated import (
    beginnings,
    campaigns,
    catalogue,
    consents,
    ledger,
    surveys,
    touches,
    wave,
)
from pipeline.sources.simulated.arrays import Flags, Floats
from pipeline.sources.simulated.blocks import Block, blocks_of
from pipeline.sources.simulated.campaigns import Messages
from pipeline.sources.simulated.catalogue import COUNT
from pipeline.sources.simulated.consents import Consents
from pipeline.sources.simulated.ledger import Dealings, Ledger
from pipeline.sources.simulated.people import draw_people
from pipeline.sources.simulated.scene import Scene, set_scene
from pipeline.sources.simulated.sealed_waves import by_period
from pipeline.sources.simulated.state import (
    Happenings,
    State,
    draw_first_state,
    market,
    next_state,
)
from pipeline.sources.simulated.surveys import Surveys
from pipeline.sources.simulated.timeline import end_of_records, start_of
from pipeline.sources.simulated.touches import Touches

TRUTH_DATES = 14
"""Period starts for which the true propensities are kept, the end of the records included."""


@dataclass(frozen=True)
class Moment:
    """One period start: who was known, and what could follow."""

    period: int
    known: Flags
    cross_sell: Floats
    """[customers, categories]: propensities of those who hold nothing; NaN for the others."""
    up_sell: Floats
    """[customers, categories]: propensities of holders below the top tier; NaN for the others."""


@dataclass(frozen=True)
class Events:
    """Rows of the tables that grow with time."""

    ledger: Ledger
    touches: Touches
    messages: Messages
    consents: Consents
    surveys: Surveys


@dataclass(frozen=True)
class Company:
    """Everything that happened to one block of customers, and what could have."""

    block: Block
    events: Events
    moments: tuple[Moment, ...]
    """The last TRUTH_DATES period starts, oldest first."""
    last: Scene
    """The day on which the records end: from here a campaign's outcome can be simulated."""
    end: int
    """Second at which the extract was made."""
    campaigns: tuple[str, ...] = ()
    """Names of those of sealed waves, in the order of their codes."""


@dataclass(frozen=True)
class _Carried:
    """What one period hands to the next."""

    state: State
    granted: Flags
    """[customers, channels]."""
    views: Floats
    """[customers, categories] in the period before."""
    returns: Dealings
    """Still to come."""


@dataclass(frozen=True)
class _Wave:
    """A sealed wave that goes out at the start of a period."""

    contacted: pd.DataFrame
    names: list[str]
    """Of all campaigns of sealed waves."""

    def contact(self, scene: Scene) -> Scene:
        """Return the start of the period with the wave's contacts."""
        return wave.with_contacts(scene, wave.ask(scene, self.contacted))

    def messages(self, scene: Scene) -> Messages:
        """Return what the wave adds to the messages."""
        campaign = pd.Index(self.names).get_indexer(pd.Index(self.contacted["campaign"]))
        return wave.messages_of(wave.send(scene, self.contacted), campaign.astype(np.int64))


def simulate(
    params: SimulatedParams, contacted: pd.DataFrame | None = None, block: Block | None = None
) -> Company:
    """Let a block of the company live through its periods and the morning after them.

    Args:
        params: of the company.
        contacted: by sealed waves, as `contacted_of` returns them.
        block: of its customers; may be left out where it is the only one.
    """
    if block is None:
        (block,) = blocks_of(params)
    seed, periods = block.seed, params.all_periods
    waves = {} if contacted is None else by_period(block.of_own(contacted), periods)
    names = sorted({str(name) for sent in waves.values() for name in sent["campaign"]})
    people = draw_people(seed, block.count, params.periods, block.first)
    products = catalogue.build(params.periods)
    past = beginnings.past_orders(seed, people, products)
    answers, granted = consents.at_sign_up(seed, people)
    nothing = past.pick(np.zeros(len(past), bool))
    state = draw_first_state(seed, people, products)
    carried = _Carried(
        state=replace(state, acquired_at=ledger.post(state.acquired_at, past, nothing)),
        granted=granted,
        views=np.zeros((len(people), COUNT), np.float32),
        returns=Dealings(nothing.customer, nothing.product, nothing.occurred),
    )
    lived: list[Events] = []
    moments: list[Moment] = []
    for period in range(periods + 1):
        here = market(params.seed, products, period)
        scene = set_scene(
            people, products, here, carried.state, seed=seed, activity=params.activity
        )
        if period > periods - TRUTH_DATES:
            moments.append(moment_of(scene))
        sent = _Wave(waves[period], names) if period in waves else None
        is_opened = period == periods and block.number == 0
        events, carried = _live(scene, carried, sent, is_opened=is_opened)
        lived.append(events)
    return Company(
        block,
        _join(past, answers, lived),
        tuple(moments),
        scene,
        end_of_records(periods),
        tuple(names),
    )


def _join(past: Ledger, answers: Consents, lived: list[Events]) -> Events:
    return Events(
        ledger=Ledger.stack([past, *(one.ledger for one in lived)]),
        touches=Touches.stack([one.touches for one in lived]),
        messages=Messages.stack([one.messages for one in lived]),
        consents=Consents.stack([answers, *(one.consents for one in lived)]),
        surveys=Surveys.stack([one.surveys for one in lived]),
    )


def moment_of(scene: Scene) -> Moment:
    """Return what could follow the start of a period."""
    top = scene.held.top
    below_top = (top > 0) & (top < scene.offer.top)
    return Moment(
        period=scene.period,
        known=scene.known,
        cross_sell=np.where(top == 0, scene.chances.cross_sell(), np.nan),
        up_sell=np.where(below_top, scene.chances.up_sell(), np.nan),
    )


def _live(
    scene: Scene, carried: _Carried, sent: _Wave | None, *, is_opened: bool
) -> tuple[Events, _Carried]:
    """Live through one period: return what it adds to the tables and what it hands on."""
    moved = scene if sent is None else sent.contact(scene)
    orders, ends, returns = _trade(moved, carried.returns, is_opened=is_opened)
    touched = touches.touch(scene)
    messages = campaigns.send(scene, carried.views, carried.granted)
    # A wave's contacts work in the period at whose start it goes out, all others in the next.
    contacts = campaigns.arrived(messages, scene.period, scene.people)
    if sent is not None:
        messages = Messages.stack([messages, sent.messages(scene)])
    stopped = campaigns.stops(messages)
    changes, granted = consents.change(scene, carried.granted, stopped)
    happened = Happenings(
        acquired_at=ledger.post(scene.state.acquired_at, orders, ends),
        acquired=_count(scene, orders),
        trouble=touched.trouble,
        contacts=contacts,
    )
    events = Events(
        ledger=Ledger.stack([orders, ends]),
        touches=touched.rows,
        messages=messages,
        consents=changes,
        surveys=surveys.ask(scene, touched.rows.pick(touched.served)),
    )
    state = next_state(scene.people, moved.state, happened, seed=scene.seed, period=scene.period)
    return events, _Carried(state, granted, touched.views, returns)


def _trade(scene: Scene, due: Dealings, *, is_opened: bool) -> tuple[Ledger, Ledger, Dealings]:
    """Return a period's orders, its cancellations and returns, and the returns still to come."""
    rng = scene.random("ledger")
    outcome = ledger.draw_outcome(rng, scene)
    bought = [ledger.acquisitions(rng, scene, outcome), ledger.first_orders(rng, scene)]
    if is_opened:
        bought.append(ledger.opening_order(rng, scene))
    orders = Ledger.stack(bought)
    returns = Dealings.stack([due, ledger.draw_returns(rng, scene, orders)])
    is_now = returns.occurred < start_of(scene.period + 1)
    cancelled = ledger.cancellations(rng, scene, outcome)
    returned = ledger.enter_returns(rng, scene.people, returns.pick(is_now))
    return orders, Ledger.stack([cancelled, returned]), returns.pick(~is_now)


def _count(scene: Scene, orders: Ledger) -> Floats:
    """Return [customers, categories]: orders."""
    shape = scene.state.interest.shape
    cells = orders.customer * COUNT + scene.catalogue.category[orders.product]
    return np.bincount(cells, minlength=shape[0] * COUNT).reshape(shape).astype(np.float32)
