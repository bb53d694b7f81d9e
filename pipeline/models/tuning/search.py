"""The search for good trees: the one door to Optuna.

Every trial draws from a sampler seeded by its own place in the study, so that a study that was
killed and continued ends like one that was not. Trials share one binned copy of the rows.
More than one worker is faster, and what each trial can learn from then depends on the machine.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, Trial, TrialState
from tqdm import tqdm

from pipeline.models.calibration.curve import log_losses
from pipeline.models.estimators.boosting import (
    BinnedRows,
    BoostingParams,
    LabelledRows,
    bin_rows,
    fit_until_worse,
)
from pipeline.models.estimators.encoding import Encoder, fit_encoder
from pipeline.models.examples import Examples
from pipeline.models.tuning.search_space import Range, SearchSpace, search_space
from pipeline.statistics.arrays import dot

MIN_TRIALS_TO_WEIGH = 4
REPORT_EVERY = 5
"""Rounds from one entry in the journal to the next: an entry costs as much as a small tree."""
FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)


@dataclass(frozen=True)
class StudyPlan:
    """How long to search."""

    trials: int
    max_trees: int
    patience: int
    seed: int
    threads: int
    workers: int = 1
    """Trials at once, which share the threads; a study with more than one is not reproducible."""


@dataclass(frozen=True)
class SearchTrial:
    """One trial; `value` is the validation log loss it reached, also when it was pruned."""

    number: int
    state: str
    value: float
    trees: int
    params: dict[str, Any]


@dataclass(frozen=True)
class TunedParams:
    """The winner: parameters, number of trees, validation log loss."""

    params: BoostingParams
    trees: int
    validation_log_loss: float

    def to_json(self) -> dict[str, Any]:
        """Return the winner as it is saved."""
        return {
            "params": asdict(self.params),
            "trees": self.trees,
            "validation_log_loss": round(self.validation_log_loss, 8),
        }

    @classmethod
    def from_json(cls, saved: dict[str, Any]) -> "TunedParams":
        """Return the winner that was saved."""
        return cls(BoostingParams(**saved["params"]), saved["trees"], saved["validation_log_loss"])


@dataclass(frozen=True)
class Study:
    """The winner, every trial, in order, and what mattered."""

    best: TunedParams
    trials: tuple[SearchTrial, ...]
    importance: dict[str, float]
    """Parameter → share of what good and other trials differ by; empty where trials are few."""


def tune(
    train: Examples,
    validation: Examples,
    plan: StudyPlan,
    journal: Path,
    warm_start: Mapping[str, float] | None = None,
) -> Study:
    """Search on the train rows for the least log loss on the validation rows.

    Args:
        train: rows to fit on; negatives may be sampled, with weights.
        validation: later rows, which decide.
        plan: how long to search.
        journal: the file that a killed study continues from; its name is told by the progress bar.
        warm_start: searched parameters to try first, such as the champion's.
    """
    encoder = fit_encoder(train.features)
    rows, held_out = _encode(encoder, train), _encode(encoder, validation)
    space = search_space(train.positives, encoder.largest_vocabulary)
    named = (space.start_from(warm_start),) if warm_start else ()
    starts = tuple(dict.fromkeys((*named, *space.starts)))  # a champion is often one of them
    name = _fingerprint((rows, held_out), plan, space, starts)
    study = _open_study(journal, name, plan)
    binned = bin_rows(rows, held_out, plan.seed, max(1, plan.threads // plan.workers))
    again = partial(_create_or_load, journal, name)
    told = f"{journal.stem}: tuning"
    _run_trials(study, again, binned, space, plan=plan, starts=starts, told=told)
    return _settle(study, binned, space, plan)


def nothing_to_search(train: Examples, validation: Examples) -> Study:
    """Return a study of no trial and no tree, for rows that a model cannot be fitted to.

    Its log loss is that of the base rate.
    """
    rates = np.full(len(validation), train.prior_rate)
    losses = log_losses(validation.labels.astype(float), rates)
    value = dot(losses, validation.weights) / float(validation.weights.sum())
    return Study(TunedParams(BoostingParams(), 0, value), (), {})


def _run_trials(
    study: optuna.Study,
    reopen: Callable[[], optuna.Study],
    binned: BinnedRows,
    space: SearchSpace,
    *,
    plan: StudyPlan,
    starts: tuple[BoostingParams, ...],
    told: str,
) -> None:
    done = len(_finished(study))
    progress = tqdm(total=plan.trials, initial=done, desc=told, unit="trial", mininterval=1)

    def run(place: int) -> None:
        own = study if plan.workers == 1 else reopen()  # a sampler belongs to one trial
        _run_place(own, place, binned, space, plan=plan, starts=starts)
        progress.set_postfix(best=f"{own.best_value:.5f}", refresh=False)
        progress.update()

    with progress:
        if plan.workers == 1:
            for place in range(done, plan.trials):
                run(place)
        else:
            with ThreadPoolExecutor(plan.workers) as pool:
                list(pool.map(run, range(done, plan.trials)))


def _run_place(
    study: optuna.Study,
    place: int,
    binned: BinnedRows,
    space: SearchSpace,
    *,
    plan: StudyPlan,
    starts: tuple[BoostingParams, ...],
) -> None:
    study.sampler = optuna.samplers.TPESampler(
        seed=plan.seed + place, n_startup_trials=len(starts) + 3, multivariate=True
    )
    fixed = space.inside(starts[place]) if place < len(starts) else {}
    trial = study.ask() if not fixed else _ask_for(study, fixed)
    _run_trial(study, trial, binned, space, plan)


def _ask_for(study: optuna.Study, values: dict[str, Any]) -> Trial:
    study.enqueue_trial(values)
    return study.ask()


def _run_trial(
    study: optuna.Study, trial: Trial, binned: BinnedRows, space: SearchSpace, plan: StudyPlan
) -> None:
    params = space.to_params(_suggest(trial, space))

    def watch(step: int, value: float) -> None:
        if step % REPORT_EVERY:
            return
        trial.report(value, step)
        if trial.should_prune():
            raise optuna.TrialPruned

    try:
        fit = fit_until_worse(binned, params, plan.max_trees, plan.patience, watch)
    except optuna.TrialPruned:
        study.tell(trial, state=TrialState.PRUNED)
        return
    trial.set_user_attr("trees", fit.trees)
    study.tell(trial, fit.validation_log_loss)


def _suggest(trial: Trial, space: SearchSpace) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, range_ in space.ranges.items():
        if range_.is_whole:
            low, high = int(range_.low), int(range_.high)
            values[name] = trial.suggest_int(name, low, high, log=range_.is_log)
        else:
            values[name] = trial.suggest_float(name, range_.low, range_.high, log=range_.is_log)
    return values


def _settle(study: optuna.Study, binned: BinnedRows, space: SearchSpace, plan: StudyPlan) -> Study:
    """Try the winner with slower learning, and keep what is better."""
    records = tuple(_record(place, trial) for place, trial in enumerate(_finished(study)))
    found = space.to_params(study.best_params)
    best = TunedParams(found, int(study.best_trial.user_attrs["trees"]), float(study.best_value))
    slower = replace(best.params, learning_rate=best.params.learning_rate / 2)
    fit = fit_until_worse(binned, slower, 2 * plan.max_trees, 2 * plan.patience)
    value = float(fit.validation_log_loss or 0.0)
    if value < best.validation_log_loss:
        best = TunedParams(slower, fit.trees, value)
    return Study(best, records, weigh_params(records, space))


def weigh_params(trials: tuple[SearchTrial, ...], space: SearchSpace) -> dict[str, float]:
    """Return the importance of each parameter by Optuna's evaluator, the greatest first.

    Pruned trials count with the value they reached: that they were bad is worth knowing.
    """
    if len({trial.value for trial in trials}) < MIN_TRIALS_TO_WEIGH:
        return {}
    distributions = {name: _distribution(range_) for name, range_ in space.ranges.items()}
    study = optuna.create_study(direction="minimize")
    study.add_trials(
        [
            optuna.create_trial(params=one.params, distributions=distributions, value=one.value)
            for one in trials
        ]
    )
    found = optuna.importance.get_param_importances(study)
    rounded = {name: round(float(value), 6) for name, value in found.items()}
    return dict(sorted(rounded.items(), key=lambda item: (-item[1], item[0])))


def _distribution(range_: Range) -> optuna.distributions.BaseDistribution:
    if range_.is_whole:
        return optuna.distributions.IntDistribution(
            int(range_.low), int(range_.high), log=range_.is_log
        )
    return optuna.distributions.FloatDistribution(range_.low, range_.high, log=range_.is_log)


def _finished(study: optuna.Study) -> list[FrozenTrial]:
    return study.get_trials(deepcopy=False, states=FINISHED)


def _record(place: int, trial: FrozenTrial) -> SearchTrial:
    values = trial.intermediate_values
    is_complete = trial.value is not None and trial.state == TrialState.COMPLETE
    value = trial.value if is_complete else min(values.values())
    return SearchTrial(
        number=place,
        state="complete" if is_complete else "pruned",
        value=round(float(value or 0.0), 8),
        trees=int(trial.user_attrs["trees"]) if is_complete else max(values) + 1,
        params=dict(trial.params),
    )


def _open_study(journal: Path, name: str, plan: StudyPlan) -> optuna.Study:
    """Continue the study that a kill left unfinished; anything else in its place is removed."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    journal.parent.mkdir(parents=True, exist_ok=True)
    Path(f"{journal}.lock").unlink(missing_ok=True)  # a killed process does not give it back
    study = _create_or_load(journal, name)
    if len(study.trials) == 0 or len(_finished(study)) >= plan.trials:
        journal.unlink()
        study = _create_or_load(journal, name)
    for unfinished in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(unfinished.number, state=TrialState.FAIL)
    for _ in study.get_trials(deepcopy=False, states=(TrialState.WAITING,)):
        study.tell(study.ask(), state=TrialState.FAIL)
    return study


def _create_or_load(journal: Path, name: str) -> optuna.Study:
    return optuna.create_study(
        storage=JournalStorage(JournalFileBackend(str(journal))),
        study_name=name,
        direction="minimize",
        pruner=optuna.pruners.MedianPruner(
            n_startup_trials=4, n_warmup_steps=20, interval_steps=REPORT_EVERY
        ),
        load_if_exists=True,
    )


def _fingerprint(
    tables: tuple[LabelledRows, ...],
    plan: StudyPlan,
    space: SearchSpace,
    starts: tuple[BoostingParams, ...],
) -> str:
    """Name a study by everything that it depends on, so that no other is continued."""
    digest = hashlib.sha256()
    for table in tables:
        for array in (table.rows.matrix, table.labels, table.weights):
            digest.update(array.data)
    settings = {
        "plan": asdict(plan),
        "space": asdict(space),
        "starts": [asdict(start) for start in starts],
        "features": tables[0].rows.names,
        "versions": [version("lightgbm"), version("optuna")],
    }
    digest.update(json.dumps(settings, sort_keys=True).encode())
    return digest.hexdigest()[:16]


def _encode(encoder: Encoder, examples: Examples) -> LabelledRows:
    return LabelledRows(
        encoder.encode(examples.features),
        examples.labels.astype(float),
        np.ascontiguousarray(examples.weights),
    )
