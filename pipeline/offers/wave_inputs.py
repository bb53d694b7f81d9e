"""What a wave is decided from: tables of one as-of date, as expressions of the engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir

from pipeline.population.history import History


@dataclass(frozen=True)
class WaveInputs:
    """The tables of the scoring day, and the waves that were sealed."""

    day: date
    """The scoring as-of date, on which is decided."""
    past: History
    """The validated tables, as known before the day."""
    people: ir.Table
    """`History.customers`: everybody known, with attributes."""
    held: ir.Table
    """What `held_products` returns."""
    scores: ir.Table
    """PROPENSITIES."""
    populations: Mapping[str, ir.Table]
    """POPULATION of each model that scored."""
    effects: ir.Table
    """EFFECTS."""
    segments: ir.Table
    """SEGMENTS."""
    earlier_waves: Sequence[ir.Table]
    """NEXT_BEST_OFFERS of each sealed wave, this one's among them if it is decided again."""
