"""A small random company up to `effects`, for tests of what `decide` makes of it."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from pipeline.foundation import config, paths
from pipeline.foundation.contracts.conform import conform
from pipeline.foundation.contracts.outputs import EFFECTS, SEGMENTS
from pipeline.foundation.contracts.tables import UNPARSED
from pipeline.foundation.engines import Engine
from pipeline.io.outputs import write_output
from pipeline.io.snapshots import scoring_date
from pipeline.stages import population
from tests.company import DAYS, START, company
from tests.ledger import CONTRACT

ROOT = Path(__file__).parents[1]
CUSTOMERS = 150


def params_of(**changes: Any) -> config.Params:
    raw = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    raw["snapshots"] |= {"count": 3}
    raw["products"]["min_outcomes"] = 1
    raw["experiment"] |= {"universal_share": 0.2, "campaign_share": 0.3}
    raw["contact_policy"]["limits"]["cool_off_after_purchase"] = {"days": 1}
    for section, entries in changes.items():
        raw[section] |= entries
    return config.parse(raw)


def consents(random: np.random.Generator) -> pa.Table:
    count = CUSTOMERS * 5
    changed = START + pd.to_timedelta(random.uniform(0, DAYS, count), unit="D").floor("s")
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{number:03d}" for number in random.integers(0, CUSTOMERS, count)],
            "channel": random.choice(["email", "sms", "mail", "phone"], count),
            "granted": random.random(count) < 0.6,
            "changed_at": changed,
        }
    )
    return conform(frame, CONTRACT["consents"]).drop_columns([UNPARSED])


def make_company(engine: Engine, folder: Path, seed: int) -> date:
    """Write what stands before the stage; return the scoring day."""
    random = np.random.default_rng(seed)
    tables = {**company(seed, CUSTOMERS, 500), "consents": consents(random)}
    (folder / paths.VALIDATED).mkdir(parents=True)
    for name, table in tables.items():
        pq.write_table(table, folder / paths.table(paths.VALIDATED, name))
    population.build(engine, params_of())
    day = scoring_date()
    scores = []
    for model in ("up_sell", "cross_sell"):
        asked = pq.read_table(paths.table(paths.POPULATION, model)).to_pandas()
        rows = asked[(asked["split"] == "scoring") & asked["is_eligible"]]
        rows = rows[["as_of_date", "customer_id", "category"]].assign(model=model)
        scores.append(rows.assign(propensity=random.beta(1, 9, len(rows))))
    paths.SCORES.mkdir()
    pq.write_table(
        pa.Table.from_pandas(pd.concat(scores)), paths.table(paths.SCORES, "propensities")
    )
    write_effects(random, pd.concat(scores))
    people = pd.DataFrame({name: None for name, _ in SEGMENTS.columns}, index=range(CUSTOMERS))
    people = people.assign(customer_id=[f"c{n:03d}" for n in range(CUSTOMERS)], as_of_date=day)
    people["rfm_segment"] = random.choice(["champions", "steady"], CUSTOMERS)
    write_output(people, paths.SEGMENTS, SEGMENTS)
    return day


def write_effects(random: np.random.Generator, scores: pd.DataFrame) -> None:
    """Write what a contact changes: more by letter and call, less for some, and uncertain."""
    share = pd.DataFrame(
        {"channel": ["email", "mail", "phone", "sms"], "usual": [0.2, 0.6, 0.8, 0.25]}
    )
    rows = scores.drop(columns="as_of_date").merge(share, how="cross")
    odds = rows["propensity"] * (1 - rows["propensity"])
    drawn = rows["usual"] + random.normal(0, 0.2, len(rows))
    rows = rows.assign(share=drawn, effect=drawn * odds, effect_error=0.1 * odds)
    reach = 1.64 * rows["effect_error"]
    write_output(
        rows.assign(
            effect_low=rows["effect"] - reach,
            effect_high=rows["effect"] + reach,
            effect_origin="observational",
        ),
        paths.EFFECTS,
        EFFECTS,
    )
