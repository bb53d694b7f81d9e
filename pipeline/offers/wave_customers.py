"""Everybody whom a wave decides on, and who of them is withheld from all marketing."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from pipeline.foundation.config import ExperimentParams
from pipeline.foundation.contracts.frame_rows import OnFrames
from pipeline.foundation.engines import Engine
from pipeline.offers.experiment import universal_control
from pipeline.offers.wave_inputs import WaveInputs
from pipeline.population.joins import left_join

CUSTOMERS = pa.schema(
    [
        ("customer_id", pa.string()),
        ("household_id", pa.string()),
        ("is_universal_control", pa.bool_()),
    ]
)


def list_customers(engine: Engine, inputs: WaveInputs, experiment: ExperimentParams) -> ir.Table:
    """Return CUSTOMERS: everybody known on the day, with the place that earlier waves gave them.

    Args:
        engine: draws whole households where they are.
        inputs: of the wave.
        experiment: share and salt of the universal control.
    """
    known = inputs.people.select("customer_id", "household_id")
    # As `randomisation_units` names them, so that a unit's customers come together.
    together = ibis.literal("household ") + known.household_id
    alone = ibis.literal("customer ") + known.customer_id
    known = known.mutate(unit=together.fill_null(alone))
    earlier = [
        wave.filter(wave.as_of_date < ibis.date(inputs.day.isoformat())).select(
            "customer_id", "is_universal_control"
        )
        for wave in inputs.earlier_waves
    ]
    if earlier:
        waves = ibis.union(*earlier)
        places = waves.group_by("customer_id").aggregate(place=waves.is_universal_control.any())
        known = left_join(known, places, ["customer_id"])
    else:
        known = known.mutate(place=ibis.null("boolean"))
    draw = OnFrames(_Draw(experiment.universal_share, experiment.salt), CUSTOMERS)
    return engine.map_groups(draw, known, CUSTOMERS, ("unit", "customer_id"))


@dataclass(frozen=True)
class _Draw:
    """From whole households, with each customer's earlier place, to CUSTOMERS."""

    share: float
    salt: str

    def __call__(self, customers: pd.DataFrame) -> pd.DataFrame:
        earlier = customers.loc[customers["place"].notna(), ["customer_id", "place"]]
        drawn = universal_control(
            customers,
            share=self.share,
            salt=self.salt,
            earlier=earlier.rename(columns={"place": "is_universal_control"}),
        )
        return customers.assign(is_universal_control=drawn)
