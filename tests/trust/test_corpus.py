"""The corpus of bad inputs: none ends in a traceback, in silence or in a hang.

A slice of it is fast, the rest marked slow.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.foundation.config import EngineParams
from pipeline.foundation.engines import Engine, open_engine
from tests.trust.corpus_cases import Case, answer, is_as_told, read_cases

EVERY = 6
CASES = read_cases()
LEAST_CASES = 200


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with open_engine(EngineParams(name="duckdb", threads=1, memory_gb=1)) as opened:
        yield opened


def test_the_corpus_is_large_and_every_case_says_what_must_come_of_it() -> None:
    assert len(CASES) >= LEAST_CASES
    assert [case.name for case in CASES if not case.becomes] == []
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.name, marks=[pytest.mark.slow] if number % EVERY else [])
        for number, case in enumerate(CASES)
    ],
)
def test_a_bad_input_is_told(
    case: Case, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = answer(case, tmp_path, engine)
    assert is_as_told(case, found), found
