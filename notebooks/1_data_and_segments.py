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
# # The data and the segments
# Open this after `make repro`. It reads what the stages have written and changes nothing.

# %%
import json

import matplotlib.pyplot as plt
import pandas as pd

from pathlib import Path

ROOT = Path.cwd() if Path("dvc.yaml").exists() else Path.cwd().parent
DATA, REPORTS = ROOT / "data", ROOT / "reports"

# %% [markdown]
# ## What came in, and what was refused
# Rows in are rows valid plus rows in quarantine; a refused row keeps the rule that it breaks.

# %%
validation = json.loads((REPORTS / "validation.json").read_text(encoding="utf-8"))
tables = pd.DataFrame(validation["tables"]).T
tables[["rows_in", "valid", "quarantined", "quarantined_share"]]

# %% [markdown]
# ## What is bought, month by month

# %%
events = pd.read_parquet(DATA / "validated" / "product_events.parquet")
products = pd.read_parquet(DATA / "validated" / "products.parquet")
bought = events[events["kind"] == "acquired"].merge(
    products[["product_id", "category"]], on="product_id"
)
by_month = bought.groupby(
    [bought["occurred_at"].dt.to_period("M"), "category"], observed=True
).size()
by_month.unstack().plot(figsize=(9, 4), xlabel="", ylabel="acquisitions")
plt.legend(ncols=3, fontsize=8)

# %% [markdown]
# ## Who the customers are
# The lifecycle stage says where a customer stands with the company, the RFM segment compares what
# buyers bought; so a cell of this table is no contradiction.

# %%
segments = pd.read_parquet(DATA / "segments" / "customers.parquet")
pd.crosstab(segments["lifecycle_stage"], segments["rfm_segment"])

# %%
value = segments.groupby("rfm_segment", observed=True)["value_12m_cents"]
(value.agg(["count", "mean", "median"]) / [1, 100, 100]).sort_values("mean", ascending=False)

# %% [markdown]
# ## One customer, as the company knew them

# %%
customer_id = segments.sort_values("customer_id")["customer_id"].iloc[0]
segments[segments["customer_id"] == customer_id].T

# %%
bought[bought["customer_id"] == customer_id].sort_values("occurred_at").tail(10)
