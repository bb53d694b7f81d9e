"""A result is what the stages wrote, whatever code and parameters wrote it."""

from pathlib import Path
from typing import Any

from pipeline.tracking.result import result_key, used_params, written_hashes

LOCK: dict[str, Any] = {
    "schema": "2.0",
    "stages": {
        "train@up_sell": {
            "cmd": "python -m pipeline.stages.train up_sell",
            "deps": [{"path": "pipeline/models", "hash": "md5", "md5": "code.dir", "size": 1}],
            "params": {"params.yaml": {"train": {"seed": 1}}},
            "outs": [{"path": "data/models/up_sell", "hash": "md5", "md5": "aaa.dir", "size": 9}],
        },
    },
}

READ = (Path("data/models"), Path("data/scores"))
MORE: dict[str, Any] = {
    "stages": {
        **LOCK["stages"],
        "score": {"outs": [{"path": "data/scores", "hash": "md5", "md5": "ddd.dir"}]},
    }
}


def stage(**changes: Any) -> dict[str, Any]:
    stages = LOCK["stages"]
    return {"stages": {**stages, "train@up_sell": {**stages["train@up_sell"], **changes}}}


def key(lock: dict[str, Any]) -> str:
    return result_key(written_hashes(lock, READ))


def test_the_parameters_that_stages_used_are_told_by_dotted_path() -> None:
    lock = {
        "stages": {
            "decide": {"params": {"params.yaml": {"decide": {"budget": None, "days": [1, 2]}}}},
            "score": {"params": {"params.yaml": {"exports.language": "es", "models": ["up_sell"]}}},
            "last": {},
        }
    }
    assert used_params(lock) == {
        "params.decide.budget": "null",
        "params.decide.days": "[1, 2]",
        "params.exports.language": "es",
        "params.models": '["up_sell"]',
    }


def test_what_the_other_stages_wrote_is_the_result() -> None:
    assert written_hashes(LOCK, READ) == {"data/models/up_sell": "aaa.dir"}


def test_what_is_not_read_is_no_part_of_the_result() -> None:
    assert written_hashes(MORE, [Path("data/models")]) == {"data/models/up_sell": "aaa.dir"}
    assert written_hashes(MORE, [Path("data/mod")]) == {}


def test_another_output_is_another_result() -> None:
    other = [{"path": "data/models/up_sell", "hash": "md5", "md5": "ccc.dir"}]
    assert key(stage(outs=other)) != key(LOCK)


def test_code_and_parameters_that_changed_no_output_leave_the_result_as_it_was() -> None:
    assert key(stage(deps=[], params={})) == key(LOCK)


def test_the_order_of_stages_does_not_matter() -> None:
    assert key({"stages": dict(reversed(MORE["stages"].items()))}) == key(MORE)


def test_a_stage_without_outputs_is_no_part_of_a_result() -> None:
    assert key({"stages": {**LOCK["stages"], "check": {"cmd": "true"}}}) == key(LOCK)
