"""The start of a period: all that its events depend on, and the randomness they are drawn with."""

from dataclasses import dataclass, replace

import numpy as np

from pipeline.sources.simulated import hazards
from pipeline.sources.simulated.arrays import Flags, Floats, stream
from pipeline.sources.simulated.catalogue import Catalogue, Offer
from pipeline.sources.simulated.contacts import Contacts
from pipeline.sources.simulated.hazards import Chances
from pipeline.sources.simulated.people import People
from pipeline.sources.simulated.state import Holdings, Market, State


@dataclass(frozen=True)
class Scene:
    """What is so at the start of one period."""

    seed: int
    people: People
    catalogue: Catalogue
    market: Market
    state: State
    chances: Chances
    activity: float = 1.0
    """How many visits, views, searches and calls there are, in times of the usual."""

    @property
    def period(self) -> int:
        """Return which period starts."""
        return self.market.period

    @property
    def offer(self) -> Offer:
        """Return what is on offer."""
        return self.market.offer

    @property
    def held(self) -> Holdings:
        """Return what is held."""
        return self.chances.held

    @property
    def known(self) -> Flags:
        """Return who has signed up."""
        return self.state.known

    def random(self, part: str) -> np.random.Generator:
        """Return the random numbers of one part of the period."""
        return stream(self.seed, part, self.period)


def set_scene(
    people: People,
    catalogue: Catalogue,
    market: Market,
    state: State,
    *,
    seed: int,
    activity: float = 1.0,
) -> Scene:
    """Return the start of the market's period, given the customers' state."""
    chances = hazards.chances(people, catalogue, market, state)
    return Scene(seed, people, catalogue, market, state, chances, activity)


def with_and_without_contact(scene: Scene, wave: Contacts) -> tuple[Chances, Chances]:
    """Return the chances of the period if a wave goes out at its start, and if none does.

    To live through a wave, hand `replace(scene, chances=...)` to `ledger.draw_outcome`.

    Args:
        scene: the start of the period, such as `Company.last`.
        wave: the contacts that it makes.
    """
    return chances_after(scene, wave, wave.irritation.sum(axis=1)), scene.chances


def chances_after(scene: Scene, contacts: Contacts, irritation: Floats) -> Chances:
    """Return the chances of the period with further contacts at its start.

    Args:
        scene: the start of the period.
        contacts: by customer and category.
        irritation: what they add to each customer's fatigue.
    """
    state = replace(
        scene.state,
        contacts=scene.state.contacts + contacts,
        fatigue=scene.state.fatigue + irritation,
    )
    return hazards.chances(scene.people, scene.catalogue, scene.market, state)
