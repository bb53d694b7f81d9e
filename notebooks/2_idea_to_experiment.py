# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # From an idea to an experiment
# An idea for a feature is tried here in seconds, on what the stages have written; what looks good
# becomes an experiment of the whole pipeline.

# %%
import json

import pandas as pd
from sklearn.metrics import roc_auc_score

from pathlib import Path

ROOT = Path.cwd() if Path("dvc.yaml").exists() else Path.cwd().parent
DATA, REPORTS = ROOT / "data", ROOT / "reports"
MODEL = "cross_sell"

# %% [markdown]
# ## Where the model stands
# On the out-of-time test, with 95% intervals. A new feature has to move the model's row.

# %%
baselines = pd.read_csv(REPORTS / "plots" / MODEL / "baselines.csv").set_index("scorer")
baselines[["auc", "auc_low", "auc_high", "log_loss", "lift_at_10"]].sort_values("log_loss")

# %% [markdown]
# ## What it learns from

# %%
importance = pd.read_csv(REPORTS / "plots" / MODEL / "importance.csv").set_index("feature")
importance.head(10)

# %% [markdown]
# ## The idea
# A measure of the category over the same measure of all the customer's categories: interest here
# by what is looked at anyway. Does it rank better than the measure itself?
# The validation snapshot answers; the test is for the end.

# %%
population = pd.read_parquet(DATA / "population" / f"{MODEL}.parquet")
rows = population[(population["split"] == "validation") & population["is_eligible"]]
keys = ["as_of_date", "customer_id", "category"]
FAMILY = "product_history"
known = pd.read_parquet(DATA / "features" / "candidate" / f"{FAMILY}.parquet")
features = rows[[*keys, "label"]].merge(known, on=keys)
measures = [name for name in features.columns if name.startswith(f"{FAMILY}__")]
numbers = features[measures].select_dtypes("number").astype("float64")


def auc(values: pd.Series) -> float:
    """Rank by one feature alone; below 0.5 it ranks the other way round."""
    return roc_auc_score(features["label"].astype(int), values.fillna(values.median()).fillna(0.0))


alone = numbers.apply(auc).sort_values(ascending=False)
alone.head(5)

# %%
best = alone.index[0]
total = numbers[best].groupby(features["customer_id"]).transform("sum")
idea = (numbers[best] / total.where(total > 0)).fillna(0.0)
pd.Series({best: auc(numbers[best]), "idea": auc(idea)})

# %% [markdown]
# ## The experiment
# 1. `CONTRIBUTING.md`, "To add a feature", names the files; a test compares the feature on all data
#    with the feature on data that end at the as-of date.
# 2. `dvc exp run --name my-idea` runs what depends on it and nothing else;
#    `dvc exp run --name short-search -S tune.trials=10` needs no new code at all.
# 3. `make experiments` shows every experiment in a line; `make ui` compares runs with their curves.
#
# What decides is the difference on the same rows, with its interval: the gate asks for no less.

# %%
verdict = json.loads((REPORTS / "verdicts" / f"{MODEL}.json").read_text(encoding="utf-8"))
pd.set_option("display.max_colwidth", None)
pd.DataFrame(verdict["findings"])[["rule", "holds", "reason"]]
