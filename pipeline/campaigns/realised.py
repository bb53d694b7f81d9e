"""Calibration, lift and ranking of the propensities in a wave: predicted against observed.

Both arms are shown. The model speaks of customers as they were treated so far, so the truth it
should meet lies near the controls', and above it by what the contact causes.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.campaigns.average_effect import Estimate, estimate
from pipeline.campaigns.rates import rate
from pipeline.campaigns.tied_deciles import tied_deciles
from pipeline.foundation.contracts.arms import TREATED
from pipeline.statistics.bootstrap import Interval


@dataclass(frozen=True)
class Decile:
    """A tenth of the offered customers by propensity; 1 is the likeliest."""

    decile: int
    propensity: float
    """Mean of those in it."""
    treated_customers: int
    treated: Interval
    """Share that took the offer up."""
    lift: float | None
    """Take-up of the treated in it over that of all treated."""
    control_customers: int
    control: Interval
    uplift: Interval
    """Treated less controls of both kinds."""


@dataclass(frozen=True)
class ArmCalibration:
    """Mean predicted and observed take-up, in one arm."""

    customers: int
    propensity: float | None
    observed: Interval


def deciles_of(outcomes: pd.DataFrame) -> "pd.Series[int]":
    """Return each customer's decile of propensity within the wave, 1 the likeliest; ties share one."""
    deciles = tied_deciles(outcomes["propensity"].to_numpy(np.float64))
    return pd.Series(deciles, index=outcomes.index)


def realise_deciles(outcomes: pd.DataFrame) -> list[Decile]:
    """Return the predicted and the observed take-up of each decile of propensity."""
    treated = outcomes[outcomes["arm"] == TREATED]
    overall = float(treated["take_up"].mean()) if len(treated) else 0.0
    grouped = outcomes.groupby(deciles_of(outcomes))
    return [_realise_decile(int(str(decile)), rows, overall) for decile, rows in grouped]


def realise_calibration(outcomes: pd.DataFrame) -> dict[str, ArmCalibration]:
    """Return the mean propensity and the share that took up, of each arm."""
    return {
        str(arm): ArmCalibration(
            len(rows),
            float(rows["propensity"].mean()),
            rate(int(rows["take_up"].sum()), len(rows)),
        )
        for arm, rows in outcomes.groupby("arm")
    }


def compare_halves(outcomes: pd.DataFrame) -> Estimate:
    """Compare the likelier half of the wave with the other; arms weigh alike in both halves.

    A ratio above 1 says that the model ranks, whatever the campaign causes.
    """
    is_likely = (deciles_of(outcomes) <= 5).to_numpy()
    households = pd.factorize(outcomes["household"], sort=True)[0]
    took = outcomes["take_up"].to_numpy(np.float64)
    return estimate(took, is_likely, households, np.ones((len(outcomes), 1)))


def _realise_decile(decile: int, rows: pd.DataFrame, overall: float) -> Decile:
    is_treated = (rows["arm"] == TREATED).to_numpy()
    took = rows["take_up"].to_numpy(np.float64)
    treated = rate(int(took[is_treated].sum()), int(is_treated.sum()))
    control = rate(int(took[~is_treated].sum()), int((~is_treated).sum()))
    households = pd.factorize(rows["household"], sort=True)[0]
    compared = estimate(took, is_treated, households, np.ones((len(rows), 1)))
    has_lift = treated.value is not None and overall > 0
    return Decile(
        decile=decile,
        propensity=float(rows["propensity"].mean()),
        treated_customers=int(is_treated.sum()),
        treated=treated,
        lift=(treated.value or 0.0) / overall if has_lift else None,
        control_customers=int((~is_treated).sum()),
        control=control,
        uplift=compared.difference,
    )
