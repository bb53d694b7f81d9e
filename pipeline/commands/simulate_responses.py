"""simulate_responses: what a real company's customers do for you, by the simulated ones.

Called by hand after `seal`, for source.name simulated; no DVC stage. Writes the responses of every
sealed wave of the scoring date, and beside them the average effect that the wave truly has.
"""

import logging

import pandas as pd

from pipeline.foundation import config, paths
from pipeline.foundation.config import SimulatedParams
from pipeline.foundation.contracts.arms import OFFERED_ARMS
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.foundation.running import run
from pipeline.io.tables import write_json
from pipeline.io.waves import read_waves
from pipeline.sources.simulated.blocks import blocks_of
from pipeline.sources.simulated.responses import answer, number_responses
from pipeline.sources.simulated.scene import Scene
from pipeline.sources.simulated.sealed_waves import read_sealed_waves
from pipeline.sources.simulated.simulation import simulate
from pipeline.sources.simulated.timeline import date_of
from pipeline.sources.simulated.wave import ask, share_of_period, true_uplift

log = logging.getLogger(__name__)


def main() -> None:
    """Let the simulated customers answer the wave of the scoring date."""
    params = config.load()
    if params.source.name != "simulated":
        raise ConfigurationError(
            "source.name simulated", params.source.name, "Real customers answer by themselves."
        )
    own = params.source.simulated
    today = date_of(own.all_periods)
    waves = read_waves()
    offers = waves[waves["arm"].notna() & (waves["as_of_date"] == today)]
    if offers.empty:
        raise DataError(
            f"a sealed wave of {today}", "none in data/waves", "Seal it first: make seal."
        )
    _answer(offers.reset_index(drop=True), own)


def _answer(offers: pd.DataFrame, own: SimulatedParams) -> None:
    wave = str(offers["wave"].iloc[0])
    path = paths.RESPONSES / f"{wave}.csv"
    if path.exists() and not paths.simulated_truth(wave).exists():
        raise DataError(
            f"no responses of {wave} but simulated ones", str(path), "Move the real ones away."
        )
    contacted = read_sealed_waves()
    answers, effects = [], []
    for block in blocks_of(own):
        scene, asked = simulate(own, contacted, block).last, block.of_own(offers)
        answers.append(answer(scene, asked))
        effects.append(_effects(scene, asked))
    responses = number_responses(answers, wave)
    truth = {name: float(value) for name, value in pd.concat(effects).mean().items()}
    write_json({"wave": wave, "average_effect": truth}, paths.simulated_truth(wave))
    with paths.replacing(path) as partial:
        responses.to_csv(partial, index=False)
    log.info("%s: %s offers in, %s responses out", wave, f"{len(offers):,}", f"{len(responses):,}")


def _effects(scene: Scene, offers: pd.DataFrame) -> pd.DataFrame:
    """Return the true effects on the customers between whom the campaign's draw decided."""
    drawn = offers[offers["arm"].isin(OFFERED_ARMS)]
    uplift = true_uplift(scene, ask(scene, drawn)) * share_of_period(scene, drawn)
    profit = uplift * drawn["value_cents"] - drawn["contact_cost_cents"]
    return pd.DataFrame({"take_up": uplift, "profit_cents": profit})


if __name__ == "__main__":
    run(main)
