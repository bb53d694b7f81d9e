"""Small real models, saved as the models room saves them."""

from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.foundation.contracts.hand_overs.saved_model import SavedModelFile
from pipeline.io.documents import read_document
from pipeline.models.estimators.baselines import BASE_RATE, BaselinePlan, fit_rules
from pipeline.models.estimators.boosted_trees import fit_boosted_trees
from pipeline.models.estimators.boosting import BoostingParams
from pipeline.models.examples import Examples
from pipeline.models.propensity_model import PropensityModel, calibrate_core
from pipeline.tracking.model_records import record_model
from pipeline.tracking.records import SavedModel


def examples(seed: int, rows: int = 400) -> Examples:
    """Return rows with numbers, a gap and texts, whose label follows them."""
    random = np.random.default_rng(seed)
    visits = random.poisson(3, rows).astype("float32")
    category = random.choice(["loan", "mobile"], rows)
    chance = 1 / (1 + np.exp(3 - visits / 2 - (category == "loan")))
    visits[::7] = np.nan
    features = pd.DataFrame({"visits": visits, "category": pd.Categorical(category)})
    labels = (random.random(rows) < chance).astype(np.int64)
    return Examples(features, labels, np.ones(rows), np.arange(rows))


def trees(seed: int) -> PropensityModel:
    """Return calibrated trees."""
    core = fit_boosted_trees(examples(seed), BoostingParams(num_leaves=4), 5, seed, threads=1)
    return calibrate_core("up_sell", core, examples(seed), examples(seed + 1), {"rows": 400})


def base_rate(seed: int) -> PropensityModel:
    """Return the baseline that says the rate of each category."""
    plan = BaselinePlan("category", {}, seed)
    core = fit_rules(examples(seed), plan)[BASE_RATE]
    return calibrate_core(
        BASE_RATE, core, examples(seed), examples(seed + 1), {}, segments="category"
    )


def save(model: PropensityModel, folder: Path) -> SavedModel:
    """Save a model and return what tracking knows of it."""
    model.save(folder)
    return record_model(read_document(folder / "model.json", SavedModelFile), folder)
