"""DVC, started from a command: its stages run as in `dvc repro`, and all they say goes to stderr.

Stdout stays free for what a scheduler reads. Who stops the command stops DVC and its stage with it;
where nobody could, since the command was killed, the next one waits for what is still running.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable

from pipeline.foundation.errors import PipelineError

FEATURES = "features"
"""The last stage that a run with training and one without have in common."""
SCORING = (
    "measure",
    "monitor",
    "drift",
    "score",
    "segment",
    "recommend",
    "effects",
    "decide",
    "export",
    "report",
)
"""After the features, in this order: every stage but those that train and the record of a training."""
_OF_EACH_MODEL = {"monitor"}
_FAULT = "ERROR: "


class StageError(PipelineError):
    """A stage that DVC ran did not finish."""

    def __init__(self, command: str, said: str) -> None:
        self.said = said
        remedy = "Mend that and run it again: what is done is not done anew."
        super().__init__(f"{command} to end well", said.rstrip("."), remedy)


def reproduce(*targets: str, single_item: bool = False) -> None:
    """Run `dvc repro` and pass on what it says.

    Args:
        targets: stages; none means all.
        single_item: run these alone, in this order, and not what they depend on.

    Raises:
        StageError: a stage failed; it holds what the stage said.
    """
    run_module(
        "dvc", "--wait-for-lock", "repro", *(["--single-item"] if single_item else []), *targets
    )


def run_module(name: str, *arguments: str) -> None:
    """Run a module of this environment and pass on what it says.

    Raises:
        StageError: it failed; the first error that it told is kept.
    """
    faults: list[list[str]] = []
    with subprocess.Popen(  # noqa: S603 - modules and stages of this project
        [sys.executable, "-m", name, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            for line in process.stdout or ():
                sys.stderr.write(line)
                if line.startswith(_FAULT):
                    faults.append([line.removeprefix(_FAULT).rstrip()])
                elif faults:  # an error may be told in several lines
                    faults[-1].append(line.rstrip())
        except BaseException:
            os.killpg(process.pid, signal.SIGTERM)
            raise
    if process.returncode != 0:
        said = "\n".join(faults[0]).strip() if faults else "no message"
        raise StageError(" ".join([name, *arguments]), said)


def monitoring_stages(models: Iterable[str]) -> list[str]:
    """Return what says how the last waves and the champions did."""
    return _targets(SCORING[:2], models)


def scoring_stages(models: Iterable[str]) -> list[str]:
    """Return what has to run after the features for a wave that nothing is trained for."""
    return _targets(SCORING, models)


def _targets(stages: Iterable[str], models: Iterable[str]) -> list[str]:
    models = list(models)
    return [
        target
        for stage in stages
        for target in (
            [f"{stage}@{model}" for model in models] if stage in _OF_EACH_MODEL else [stage]
        )
    ]
