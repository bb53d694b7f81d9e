"""policy_study: several simulated companies go the whole way, and every policy is valued on each.

    python -m pipeline.commands.study policy [<seed> ...]

Each company is a project of its own in `data/tmp/policy/<seed>`, where the stages themselves run,
with the hyperparameters that this project has tuned. A finished company's figures are kept in
`reports/studies/simulated/policy/<seed>.json`: an interrupted study resumes, and a file that is
deleted is played again.
"""

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import yaml

import pipeline
from pipeline.foundation import config, paths
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.io.study_answers import play_missing, write_answer
from pipeline.io.tables import read_json
from pipeline.studies import policy_page
from pipeline.studies.answer import Answer

log = logging.getLogger(__name__)

SOURCE = "simulated"
QUESTION = "policy"
SEEDS = tuple(range(70_001, 70_011))
CUSTOMERS = 20_000
BEFORE_TRAINING = ("ingest", "validate", "population", "features", "segment")


def main(given: Sequence[str]) -> None:
    """Value every policy on the companies of the seeds given, or of the default ones."""
    found = answer(seeds_of(given))
    base = paths.STUDIES / SOURCE / QUESTION
    write_answer(found, base)
    log.info("%d companies: %s", len(found.facts["seeds"]), base.with_suffix(".md"))


def answer(seeds: Sequence[int]) -> Answer:
    """Let every company go the whole way that has not yet, and put all of them together."""
    return policy_page.answer(play_missing(seeds, partial(paths.policy_study, SOURCE), play))


def seeds_of(given: Sequence[str]) -> tuple[int, ...]:
    """Return the seeds that were asked for, or the default ones.

    Raises:
        ConfigurationError: a seed is no whole number.
    """
    if not all(text.isdecimal() for text in given):
        raise ConfigurationError(
            "whole numbers as seeds", " ".join(given), "make study Q=policy takes the default ones."
        )
    return tuple(int(text) for text in given) or SEEDS


def play(seed: int) -> dict[str, Any]:
    """Let one company go the whole way; return what `value_policies` finds."""
    folder = (paths.TEMPORARY / QUESTION / str(seed)).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    models = config.load().models
    set_up(folder, seed)
    for stage in BEFORE_TRAINING:
        run_module(folder, f"pipeline.stages.{stage}")
    for model in models:
        run_module(folder, "pipeline.stages.train", model)
        crown(folder, model)
    run_module(folder, "pipeline.stages.score")
    run_module(folder, "pipeline.stages.effects")
    run_module(folder, "pipeline.commands.value_policies")
    found = read_json(folder / paths.POLICIES_REPORT)
    shutil.rmtree(folder)
    return found


def set_up(folder: Path, seed: int) -> None:
    """Lay out the project of one company.

    Raises:
        DataError: this project has tuned no hyperparameters.
    """
    if not paths.TUNING.is_dir():
        raise DataError(f"tuned parameters in {paths.TUNING}", "no such folder", "Run dvc repro.")
    for empty in (paths.WAVES, paths.INCOMING, paths.RESPONSES, paths.STUDIES):
        (folder / empty).mkdir(parents=True)
    shutil.copytree(paths.TUNING, folder / paths.TUNING)
    params = yaml.safe_load(paths.PARAMS.read_text(encoding="utf-8"))
    params["source"]["name"] = SOURCE
    params["source"]["simulated"] |= {"seed": seed, "customers": CUSTOMERS}
    write_params(folder, params)


def crown(folder: Path, model: str) -> None:
    """Let the model that was trained score, without asking the gate."""
    champion = folder / paths.champion(SOURCE, model)
    shutil.copytree(
        folder / paths.MODELS / model, champion, ignore=shutil.ignore_patterns("baselines")
    )


def write_params(folder: Path, params: Mapping[str, Any]) -> None:
    """Write the parameters of a company's project."""
    text = yaml.safe_dump(dict(params), sort_keys=False)
    (folder / paths.PARAMS).write_text(text, encoding="utf-8")


def run_module(folder: Path, module: str, *arguments: str) -> None:
    """Run a stage in a company's folder.

    Raises:
        DataError: it failed.
    """
    code = Path(pipeline.__file__).parents[1]
    environment = os.environ | {"PYTHONPATH": str(code), "OMP_WAIT_POLICY": "passive"}
    done = subprocess.run(  # noqa: S603 - our own modules, by name
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    log.debug("%s: %s", module, done.stderr)
    if done.returncode:
        raise DataError(
            f"{module} to go through for {folder.name}", done.stderr[-2000:], "See its message."
        )
