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
# # A campaign's result and its claim
# What the wave claims before it is sent, and, once something came back, what it caused.

# %%
import json

import pandas as pd

from pathlib import Path

ROOT = Path.cwd() if Path("dvc.yaml").exists() else Path.cwd().parent
DATA, REPORTS = ROOT / "data", ROOT / "reports"
funnel = json.loads((REPORTS / "funnel.json").read_text(encoding="utf-8"))
measurement = json.loads((REPORTS / "measurement.json").read_text(encoding="utf-8"))

# %% [markdown]
# ## The claim
# Take-ups and profit that the contacts cause beyond what would happen anyway. An interval that
# reaches below zero says that the contacts may add nothing.

# %%
claim = funnel["claim"]
pd.DataFrame({name: claim[name] for name in ("take_ups_caused", "incremental_profit_cents")}).T

# %%
claim["statement"]

# %% [markdown]
# ## What the wave can show
# Controls have an offer that is not sent. A difference smaller than `detectable_uplift` would
# probably not show: a result of nothing does not mean that there is nothing.

# %%
pd.DataFrame(funnel["sample_size"]).T

# %%
offers = pd.read_parquet(DATA / "offers" / "next_best_offers.parquet")
offered = offers[offers["arm"].notna()]
offered.groupby(["campaign", "arm"], observed=True)[["propensity", "effect"]].mean()

# %% [markdown]
# Arms are drawn at random, so that their propensities are alike: what differs later is caused by
# the contact.
#
# ## The result
# `make seal` keeps the wave as it was sent, what comes back goes into `data/responses/`, and
# `make measure` says what the wave caused. Nothing is measured until then.

# %%
measured = {name: wave for name, wave in measurement["waves"].items() if "effects" in wave}
for name, wave in measured.items():
    print(name, *wave["conclusion"]["sentences"], *wave["claim_in_words"], sep="\n- ")
measurement["in_words"] if not measured else pd.DataFrame(
    [
        {"wave": name, "outcome": effect["outcome"], **effect["best"]["difference"]}
        for name, wave in measured.items()
        for effect in wave["effects"]
    ]
)
