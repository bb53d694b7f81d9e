"""The true effect of one contact, for every customer, category and channel."""

from dataclasses import dataclass

import numpy as np

from pipeline.foundation.config import ModelName
from pipeline.sources.simulated.arrays import Floats
from pipeline.sources.simulated.catalogue import COUNT
from pipeline.sources.simulated.contacts import CHANNELS, irritation, one_contact
from pipeline.sources.simulated.hazards import Chances
from pipeline.sources.simulated.scene import Scene, chances_after


@dataclass(frozen=True)
class TrueEffects:
    """Probabilities of one model's outcome within the period that starts."""

    without: Floats
    """[customers, categories]: with no contact beyond those already made."""
    with_contact: Floats
    """[channels, customers, categories]: with one contact about the category alone."""


def true_effects(scene: Scene, model: ModelName) -> TrueEffects:
    """Return the probabilities without and with one contact at the start of a period.

    All cells are worked out at once, and each is as if its customer had that contact and no other:
    a category's hazards depend on its own contacts, and on a fatigue that one of them adds to.
    """
    return TrueEffects(
        without=_probability(scene.chances, model),
        with_contact=np.stack(
            [_probability(_contacted(scene, channel), model) for channel in range(len(CHANNELS))]
        ),
    )


def _contacted(scene: Scene, channel: int) -> Chances:
    alone = one_contact(scene.people, COUNT, channel)
    return chances_after(scene, alone, irritation()[channel])


def _probability(chances: Chances, model: ModelName) -> Floats:
    return chances.up_sell() if model == "up_sell" else chances.cross_sell()
