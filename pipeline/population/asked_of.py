"""Whom the models are asked about: everybody counted, and the rows of those who are looked at."""

from dataclasses import dataclass

import ibis.expr.types as ir

from pipeline.foundation.contracts.hand_overs.snapshot_dates import SnapshotDates
from pipeline.foundation.engines import Engine
from pipeline.population.dates import OutcomeWindow
from pipeline.population.drawn_customers import learnt_from
from pipeline.population.history import History
from pipeline.population.holdings import available_categories, held_categories
from pipeline.population.outcomes import acquired_tiers
from pipeline.population.questions import candidate_grid
from pipeline.population.states import candidate_states


@dataclass(frozen=True)
class AskedOf:
    """The same snapshots, told in counts and row by row."""

    states: ir.Table
    """Everybody at every snapshot, as `candidate_states` returns them."""
    grid: ir.Table
    """What `candidate_grid` returns, before the test of those who are learnt from alone."""


def ask(
    engine: Engine, past: History, known: ir.Table, holdings: ir.Table, looked_at: SnapshotDates
) -> AskedOf:
    """Count the candidates of everybody, and return the grid of those who are looked at.

    Args:
        engine: computes both once.
        past: seen from the snapshots.
        known: KNOWN_CUSTOMERS.
        holdings: HOLDINGS.
        looked_at: the snapshots, and the share of customers that is learnt from.
    """
    window = OutcomeWindow(looked_at.gap_days, looked_at.outcome_days)
    held, acquired = held_categories(holdings), acquired_tiers(past, window)
    states = candidate_states(known, held, acquired, available_categories(past))
    drawn = learnt_from(known, looked_at.before_test(), looked_at.drawn_share)
    grid = candidate_grid(past, drawn, holdings, window)
    return AskedOf(engine.materialize(states), engine.materialize(grid))
