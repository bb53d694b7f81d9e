"""The true propensities, as a table: what a perfect model would say."""

import numpy as np
import pyarrow as pa

from pipeline.foundation.config import MODEL_NAMES, ModelName
from pipeline.sources.simulated.arrays import Floats
from pipeline.sources.simulated.catalogue import CATEGORIES
from pipeline.sources.simulated.simulation import Company, Moment
from pipeline.sources.simulated.timeline import PERIOD_DAYS, to_dates
from pipeline.sources.simulated.visible import customer_ids, texts

SCHEMA = pa.schema(
    [
        ("model", pa.string()),
        ("as_of_date", pa.date32()),
        ("customer_id", pa.string()),
        ("category", pa.string()),
        ("propensity", pa.float64()),
    ]
)


def truth(company: Company) -> pa.Table:
    """Return model × as_of_date × customer_id × category of those whom the question concerns.

    The probability is that of the label given the state at the date: exact, not estimated. It is
    that of the true state: an order that the company learnt of late counts as of its own day.
    """
    ids = customer_ids(len(company.last.people))
    parts = [
        _rows(moment, model, ids) for model in sorted(MODEL_NAMES) for moment in company.moments
    ]
    return pa.concat_tables(parts)


def _rows(moment: Moment, model: ModelName, ids: pa.Array) -> pa.Table:
    propensity = _propensities(moment, model)
    customer, category = np.nonzero(~np.isnan(propensity) & moment.known[:, None])
    day = np.full(len(customer), moment.period * PERIOD_DAYS)
    columns = [
        pa.repeat(pa.scalar(model), len(customer)),
        to_dates(day),
        ids.take(pa.array(customer)),
        texts(tuple(one.name for one in CATEGORIES), category),
        pa.array(propensity[customer, category].astype(np.float64)),
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def _propensities(moment: Moment, model: ModelName) -> Floats:
    return {"cross_sell": moment.cross_sell, "up_sell": moment.up_sell}[model]
