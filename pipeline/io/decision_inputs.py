"""What `decide` reads: the tables of the scoring day, and the waves that were sealed."""

from collections.abc import Sequence
from datetime import date

from pipeline.foundation import paths
from pipeline.foundation.engines import Engine
from pipeline.foundation.wave_seals import check_seals
from pipeline.io.scoring_day import read_holdings, read_known_customers
from pipeline.io.tables import read_folder
from pipeline.offers.wave_inputs import WaveInputs
from pipeline.population.history import history


def read_wave_inputs(engine: Engine, models: Sequence[str], day: date) -> WaveInputs:
    """Read what a wave is decided from.

    Args:
        engine: reads.
        models: those that scored.
        day: the scoring as-of date.
    """
    check_seals()
    past = history(engine, read_folder(engine, paths.VALIDATED), [day])
    return WaveInputs(
        day=day,
        past=past,
        people=engine.materialize(read_known_customers(engine, day)),
        held=engine.materialize(read_holdings(engine, day)),
        scores=engine.read(paths.table(paths.SCORES, "propensities")),
        populations={model: engine.read(paths.table(paths.POPULATION, model)) for model in models},
        effects=engine.read(paths.EFFECTS),
        segments=engine.read(paths.SEGMENTS),
        earlier_waves=list(read_folder(engine, paths.WAVES).values()),
    )
