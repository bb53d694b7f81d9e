from pathlib import Path

import pytest

from pipeline.foundation import paths
from pipeline.io.champions import VERDICT_FILE, read_standing

ROOT = Path(__file__).parents[2]


def test_the_committed_champions_have_verdicts_of_this_make(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    standing = read_standing("simulated", "cross_sell")
    assert standing is not None
    assert standing.champion.kind == "blend"


def test_a_verdict_of_an_earlier_make_settles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_standing("files", "up_sell") is None
    folder = paths.champion("files", "up_sell")
    folder.mkdir(parents=True)
    (folder / VERDICT_FILE).write_text('{"challenger": {"version": "aaa"}}', encoding="utf-8")
    assert read_standing("files", "up_sell") is None
