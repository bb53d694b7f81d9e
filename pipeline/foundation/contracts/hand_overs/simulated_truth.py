"""data/responses/<wave>.truth.json: what the simulator knows of a wave's effect."""

from collections.abc import Mapping

from pipeline.foundation.contracts.hand_overs.document import Document


class SimulatedTruth(Document):
    """The true average treatment effect of a wave."""

    wave: str
    average_effect: Mapping[str, float | None]
    """By outcome, per treated customer."""
