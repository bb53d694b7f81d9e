"""A wave to the customers of a small simulated company, decided by a blurred truth."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd

from pipeline.foundation.config import SimulatedParams
from pipeline.sources.simulated.arrays import Flags
from pipeline.sources.simulated.catalogue import CATEGORIES
from pipeline.sources.simulated.ledger import Outcome, draw_outcome
from pipeline.sources.simulated.scene import Scene, with_and_without_contact
from pipeline.sources.simulated.simulation import simulate
from pipeline.sources.simulated.timeline import PERIOD_DAYS, date_of
from pipeline.sources.simulated.visible import customer_ids
from pipeline.sources.simulated.wave import Asked

NAMES = np.array([category.name for category in CATEGORIES])


def last_scene(customers: int, periods: int = 14) -> Scene:
    """Return the day on which a small company's records end."""
    params = SimulatedParams(customers=customers, periods=periods, seed=5, dirty_share=0.0)
    return simulate(params).last


def live_through(rng: np.random.Generator, scene: Scene, asked: Asked, treated: Flags) -> Outcome:
    """Draw the period after a wave in which the treated were contacted."""
    with_contact, _ = with_and_without_contact(scene, asked.contacts(scene, treated))
    return draw_outcome(rng, replace(scene, chances=with_contact))


def decide(scene: Scene) -> pd.DataFrame:
    """Return a wave without arms: everybody's best category by a blurred true propensity."""
    random = np.random.default_rng(8)
    known = np.flatnonzero(scene.known)
    held, top = scene.held.top[known], scene.offer.top
    up_sell = (held > 0) & (held < top)
    chance = np.where(up_sell, scene.chances.up_sell()[known], scene.chances.cross_sell()[known])
    possible = np.where(up_sell | (held == 0), chance, 0)
    blurred = possible * np.exp(0.5 * random.standard_normal(possible.shape))
    best = blurred.argmax(axis=1)
    everybody = np.arange(len(known))
    model = np.where(up_sell[everybody, best], "up_sell", "cross_sell")
    day = date_of(scene.period)
    wave = f"w{day:%Y%m%d}"
    ids = pd.Series(customer_ids(len(scene.people)).to_pylist(), dtype="str").iloc[known]
    return pd.DataFrame(
        {
            "customer_id": ids.to_numpy(),
            "as_of_date": day,
            "wave": wave,
            "model": model,
            "category": NAMES[best],
            "campaign": [f"{wave}-{name}" for name in model.tolist()],
            "propensity": np.minimum(blurred[everybody, best], 0.9),
            "value_cents": random.integers(500, 4000, len(known)),
            "contact_cost_cents": 5,
            "channel": random.choice(["email", "sms", "push", "mail", "phone", "web"], len(known)),
            "offer_code": [f"CODE{number:05d}" for number in range(len(known))],
            "valid_from": day,
            "valid_until": day + timedelta(days=PERIOD_DAYS - 1),
            "household_id": [f"H{home}" for home in scene.people.household[known].tolist()],
        }
    )
