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
# # Bring your own data
# A shop's three files become a mapping, in a folder of its own: nothing of this project changes.
# The files below are made here; put yours in their place.

# %%
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
import yaml

ROOT = Path.cwd() if Path("dvc.yaml").exists() else Path.cwd().parent
TRIAL = Path(tempfile.mkdtemp())
FOLDER = TRIAL / "data" / "incoming"
FOLDER.mkdir(parents=True)
shutil.copy(ROOT / "params.yaml", TRIAL)

# %% [markdown]
# ## Three files, as a shop has them
# Semicolons, decimal commas and days before months, as in much of Europe.

# %%
days = pd.date_range("2024-01-05", periods=400, freq="D").strftime("%d/%m/%Y")
clients = [f"K{number:03d}" for number in range(40)]
pd.DataFrame(
    {"id_cliente": clients, "alta": days[:40], "provincia": ["Sevilla", "Vigo"] * 20}
).to_csv(FOLDER / "clientes.csv", sep=";", index=False)
pd.DataFrame(
    {
        "producto": ["T1", "T2", "C1", "C2"],
        "familia": ["tea", "tea", "coffee", "coffee"],
        "nivel": [1, 2, 1, 2],
        "precio": ["3,50", "7,00", "4,20", "9,90"],
    }
).to_csv(FOLDER / "productos.csv", sep=";", index=False)
pd.DataFrame(
    {
        "cliente": [clients[row % 40] for row in range(400)],
        "producto": [["T1", "C1", "T2", "C2"][row % 4] for row in range(400)],
        "fecha": days,
        "importe": [["3,50", "4,20", "7,00", "9,90"][row % 4] for row in range(400)],
    }
).to_csv(FOLDER / "ventas.csv", sep=";", index=False)

# %% [markdown]
# ## What `make init` proposes
# Each column with its confidence and three values; what is not sure is a question.

# %%
proposed = subprocess.run(
    [sys.executable, "-m", "pipeline.commands.init", "data/incoming"],
    cwd=TRIAL,
    env=os.environ | {"PYTHONPATH": str(ROOT)},
    capture_output=True,
    text=True,
)
print(proposed.stdout, proposed.stderr)

# %% [markdown]
# ## What it wrote
# What is sure stands in the trial's `params.yaml`; the questions above name the entries that answer
# the rest.

# %%
written = yaml.safe_load((TRIAL / "params.yaml").read_text(encoding="utf-8"))["source"]
print(yaml.safe_dump({"name": written["name"], "files": written["files"]}, allow_unicode=True))

# %% [markdown]
# With your files in `data/incoming/`: `make init`, answer the questions, `make check-data`, which
# says in a minute what a run would find, and `make repro`. `docs/own_data.md` has every entry.

# %%
shutil.rmtree(TRIAL)
