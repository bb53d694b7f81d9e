"""Who may be written to on which channel: given or refused at sign-up, changed now and then."""

from dataclasses import dataclass

import numpy as np

from pipeline.sources.simulated.arrays import Codes8, Codes32, Flags, Rows, Whole, stream
from pipeline.sources.simulated.contacts import CHANNELS
from pipeline.sources.simulated.people import People
from pipeline.sources.simulated.scene import Scene
from pipeline.sources.simulated.timeline import draw_moments

_GIVEN_SHARES = (0.82, 0.5, 0.42, 0.6, 0.3)
_CHANGE_SHARE = 0.002  # of customers and channels, a period


@dataclass(frozen=True)
class Consents(Rows):
    """Changes of consent."""

    customer: Codes32
    channel: Codes8
    granted: Flags
    changed: Whole


def at_sign_up(seed: int, people: People) -> tuple[Consents, Flags]:
    """Return the first answers of all customers, and [customers, channels] granted."""
    rng = stream(seed, "sign-up")
    # The reserved refuse everything more often than five separate draws would.
    reserve = 0.5 * rng.standard_normal((len(people), 1))
    luck = rng.random((len(people), len(CHANNELS)))
    granted = luck + 0.2 * reserve < np.array(_GIVEN_SHARES)
    customer, channel = np.nonzero(np.ones_like(granted))
    return Consents(customer, channel, granted.ravel(), people.joined[customer]), granted


def change(scene: Scene, granted: Flags, stopped: Consents) -> tuple[Consents, Flags]:
    """Return a period's changes of mind and unsubscriptions, and what is granted after it.

    Args:
        scene: the start of the period.
        granted: [customers, channels], at that moment.
        stopped: withdrawn by unsubscribing, at most once a customer and channel.
    """
    rng = scene.random("consents")
    turned = (rng.random(granted.shape) < _CHANGE_SHARE) & scene.known[:, None]
    turned[stopped.customer, stopped.channel] = False
    customer, channel = np.nonzero(turned)
    at = draw_moments(rng, scene.period, len(customer))
    changes = Consents(customer, channel, ~granted[customer, channel], at)
    after = granted ^ turned
    after[stopped.customer, stopped.channel] = False
    return Consents.stack([changes, stopped]), after
