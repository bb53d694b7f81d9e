from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.models.tuning import search as tuning
from pipeline.models.tuning.search import (
    SearchTrial,
    Study,
    StudyPlan,
    TunedParams,
    tune,
    weigh_params,
)
from pipeline.models.tuning.search_space import search_space
from pipeline.models.tuning.trial_history import trace
from tests.models.tables import table

PLAN = StudyPlan(trials=6, max_trees=60, patience=8, seed=3, threads=1)


def study(journal: Path, plan: StudyPlan = PLAN) -> Study:
    return tune(table(800, 1).examples, table(800, 2).examples, plan, journal)


def test_the_same_rows_and_seed_give_the_same_study(tmp_path: Path) -> None:
    assert study(tmp_path / "a") == study(tmp_path / "b")


def test_a_killed_study_continues_and_ends_like_one_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = study(tmp_path / "whole")
    run_trial = tuning._run_trial  # noqa: SLF001 - the kill is put where trials run
    runs: list[object] = []

    def killed(*given: object) -> None:
        if len(runs) == 4:
            raise KeyboardInterrupt
        runs.append(given)
        run_trial(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(tuning, "_run_trial", killed)
    with pytest.raises(KeyboardInterrupt):
        study(tmp_path / "killed")
    (tmp_path / "killed.lock").symlink_to(tmp_path / "killed")
    monkeypatch.setattr(tuning, "_run_trial", run_trial)
    assert study(tmp_path / "killed") == whole


def test_only_the_missing_trials_are_run_after_a_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_trial = tuning._run_trial  # noqa: SLF001 - trials are counted where they run
    runs: list[object] = []

    def counted(*given: object) -> None:
        runs.append(given)
        if len(runs) == 4:
            raise KeyboardInterrupt
        run_trial(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(tuning, "_run_trial", counted)
    with pytest.raises(KeyboardInterrupt):
        study(tmp_path / "killed")
    study(tmp_path / "killed")
    assert len(runs) == 4 + 3


def test_a_finished_study_is_run_again_from_the_start(tmp_path: Path) -> None:
    first = study(tmp_path / "journal")
    size = (tmp_path / "journal").stat().st_size
    assert study(tmp_path / "journal") == first
    assert (tmp_path / "journal").stat().st_size == pytest.approx(size, rel=0.01)


def test_a_warm_start_is_tried_first_and_no_start_twice(tmp_path: Path) -> None:
    train, held_out = table(800, 1).examples, table(800, 2).examples
    space = search_space(train.positives, 3)
    small, smaller, larger, free = (space.searched(start) for start in space.starts)
    plan = replace(PLAN, trials=4, max_trees=10)
    found = tune(train, held_out, plan, tmp_path / "journal", larger)
    assert [trial.params for trial in found.trials] == [larger, small, smaller, free]


def test_trials_side_by_side_are_as_many_and_find_something_as_good(tmp_path: Path) -> None:
    alone = study(tmp_path / "alone")
    together = study(tmp_path / "together", replace(PLAN, trials=8, workers=2))
    assert len(together.trials) == 8
    assert together.best.validation_log_loss == pytest.approx(
        alone.best.validation_log_loss, rel=0.05
    )


def test_the_journal_of_another_study_is_not_continued(tmp_path: Path) -> None:
    study(tmp_path / "journal")
    other = StudyPlan(trials=6, max_trees=60, patience=8, seed=4, threads=1)
    assert study(tmp_path / "journal", other) == study(tmp_path / "fresh", other)


def test_every_trial_is_recorded_in_order_with_what_it_reached(tmp_path: Path) -> None:
    found = study(tmp_path / "journal")
    assert [trial.number for trial in found.trials] == list(range(6))
    assert {trial.state for trial in found.trials} <= {"complete", "pruned"}
    reached = min(trial.value for trial in found.trials if trial.state == "complete")
    assert found.best.validation_log_loss <= reached + 1e-8
    assert found.best.trees >= 1


def test_the_winner_survives_saving(tmp_path: Path) -> None:
    best = study(tmp_path / "journal").best
    saved = TunedParams.from_json(best.to_json())
    assert (saved.params, saved.trees) == (best.params, best.trees)
    assert saved.validation_log_loss == pytest.approx(best.validation_log_loss, abs=1e-8)


def records(values: list[float], state: str = "complete") -> tuple[SearchTrial, ...]:
    return tuple(
        SearchTrial(
            number=place,
            state=state,
            value=value,
            trees=10,
            # Few leaves are good here, and bagging is of no account.
            params={**INSIDE, "num_leaves": 3 + place, "bagging_fraction": 0.5 + (place % 3) / 10},
        )
        for place, value in enumerate(values)
    )


INSIDE = {"feature_fraction": 0.3, "lambda_l2": 10.0, "min_sum_hessian_in_leaf": 5.0}


def test_the_parameter_that_decides_weighs_most() -> None:
    values = [0.2 + place / 100 for place in range(12)]
    found = weigh_params(records(values), search_space(2000, 0))
    assert next(iter(found)) == "num_leaves"
    assert sum(found.values()) == pytest.approx(1.0, abs=1e-4)


def test_too_few_trials_weigh_nothing() -> None:
    assert weigh_params(records([0.2, 0.3, 0.4]), search_space(2000, 0)) == {}


def test_the_history_tells_the_best_after_every_trial() -> None:
    complete, pruned = records([0.3, 0.2, 0.25]), records([0.1], "pruned")
    found = trace((*pruned, *complete))
    assert found["best"].tolist()[1:] == [0.3, 0.2, 0.2]
    assert found["best"].isna().tolist() == [True, False, False, False]
