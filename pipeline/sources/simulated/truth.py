"""The true propensities and effects, as tables: what a perfect model would say."""

import numpy as np
import pyarrow as pa

from pipeline.foundation.config import MODEL_NAMES, ModelName
from pipeline.sources.simulated.arrays import Floats, Whole
from pipeline.sources.simulated.catalogue import CATEGORIES
from pipeline.sources.simulated.contacts import CHANNELS
from pipeline.sources.simulated.scene import Scene
from pipeline.sources.simulated.simulation import Company, Moment, moment_of
from pipeline.sources.simulated.timeline import PERIOD_DAYS, to_dates
from pipeline.sources.simulated.true_effects import TrueEffects, true_effects
from pipeline.sources.simulated.visible import customer_ids, texts

_KEYS = (
    ("model", pa.string()),
    ("as_of_date", pa.date32()),
    ("customer_id", pa.string()),
    ("category", pa.string()),
)
PROPENSITIES = pa.schema([*_KEYS, ("propensity", pa.float64())])
EFFECTS = pa.schema(
    [*_KEYS, ("propensity", pa.float64()), *((channel, pa.float64()) for channel in CHANNELS)]
)
_CATEGORY_NAMES = tuple(category.name for category in CATEGORIES)


def propensities(company: Company) -> pa.Table:
    """Return model × as_of_date × customer_id × category of those whom the question concerns.

    The probability is that of the label given the state at the date: exact, not estimated. It is
    that of the true state: an order that the company learnt of late counts as of its own day.
    """
    ids = customer_ids(len(company.last.people), company.last.people.first)
    parts = [
        _rows(moment, model, ids) for model in sorted(MODEL_NAMES) for moment in company.moments
    ]
    return pa.concat_tables(parts)


def effects(scene: Scene) -> pa.Table:
    """Return what one contact at the scene's start causes, by channel, of whom the model is asked.

    Grain: model × customer_id × category. `propensity` is that without the contact, and the column
    of a channel what its contact adds to it, below zero where it puts the customer off.
    """
    ids = customer_ids(len(scene.people), scene.people.first)
    moment = moment_of(scene)
    parts = [
        _effects(moment, model, ids, true_effects(scene, model)) for model in sorted(MODEL_NAMES)
    ]
    return pa.concat_tables(parts)


def _effects(moment: Moment, model: ModelName, ids: pa.Array, found: TrueEffects) -> pa.Table:
    customer, category = _asked(moment, model)
    without = found.without[customer, category].astype(np.float64)
    changes = [
        pa.array(with_contact[customer, category].astype(np.float64) - without)
        for with_contact in found.with_contact
    ]
    columns = [*_keys(moment, model, ids), pa.array(without), *changes]
    return pa.Table.from_arrays(columns, schema=EFFECTS)


def _rows(moment: Moment, model: ModelName, ids: pa.Array) -> pa.Table:
    propensity = _propensities(moment, model)[_asked(moment, model)].astype(np.float64)
    columns = [*_keys(moment, model, ids), pa.array(propensity)]
    return pa.Table.from_arrays(columns, schema=PROPENSITIES)


def _keys(moment: Moment, model: ModelName, ids: pa.Array) -> list[pa.Array]:
    customer, category = _asked(moment, model)
    day = np.full(len(customer), moment.period * PERIOD_DAYS)
    return [
        pa.repeat(pa.scalar(model), len(customer)),
        to_dates(day),
        ids.take(pa.array(customer)),
        texts(_CATEGORY_NAMES, category),
    ]


def _asked(moment: Moment, model: ModelName) -> tuple[Whole, Whole]:
    """Return customer and category of those whom the question concerns, sorted."""
    customer, category = np.nonzero(~np.isnan(_propensities(moment, model)) & moment.known[:, None])
    return customer, category


def _propensities(moment: Moment, model: ModelName) -> Floats:
    return {"cross_sell": moment.cross_sell, "up_sell": moment.up_sell}[model]
