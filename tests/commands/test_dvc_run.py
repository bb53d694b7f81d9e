"""What a module that DVC or the month starts says of its failure, and how it is stopped."""

import sys
from pathlib import Path

import pytest

from pipeline.commands.dvc_run import StageError, run_module

FAILING = """
import sys
print("INFO: 7 tables in")
print("ERROR: expected tables that are whole; found 2 that are not:")
print("  customers: 30 of not_null")
print("All of it is in reports/validation.json.")
print("ERROR: failed to reproduce 'validate'")
sys.exit(1)
"""


def test_the_first_error_is_kept_with_all_its_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "failing.py").write_text(FAILING, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(StageError, match="failing to end well") as failed:
        run_module("failing")
    assert failed.value.said == (
        "expected tables that are whole; found 2 that are not:\n"
        "  customers: 30 of not_null\n"
        "All of it is in reports/validation.json."
    )
    told = capfd.readouterr()
    assert told.out == ""  # stdout is the scheduler's
    assert "INFO: 7 tables in" in told.err


def test_who_is_stopped_stops_what_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "waiting.py").write_text(
        "import time\nprint('up', flush=True)\ntime.sleep(600)\n", encoding="utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    class Stopping:
        def write(self, said: str) -> None:
            raise KeyboardInterrupt(said)

    monkeypatch.setattr(sys, "stderr", Stopping())
    with pytest.raises(KeyboardInterrupt, match="up"):
        run_module("waiting")  # returns only once the other has ended
