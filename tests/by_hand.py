"""The stages of dvc.yaml run by hand, one after the other: `python -m tests.by_hand [last stage]`.

Each runs in a fork of a process that has imported the stages: importing them anew takes longer than
their work on a small company.
"""

import importlib
import multiprocessing
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from pipeline.foundation.config import MODEL_NAMES
from pipeline.foundation.running import run


def commands() -> Iterator[tuple[str, ...]]:
    """Return each stage with its argument, if it has one; dvc.yaml names what it needs before it.

    `track` names a result by dvc.lock: without one there is nothing to track.
    """
    stages = yaml.safe_load(Path("dvc.yaml").read_text(encoding="utf-8"))["stages"]
    if not Path("dvc.lock").is_file():
        del stages["track"]
    for name, stage in stages.items():
        yield from ((name, model) for model in MODEL_NAMES) if "matrix" in stage else [(name,)]


def start(stage: str, *arguments: str) -> None:
    """Run a stage as `python -m pipeline.stages.<stage>` would."""
    sys.argv = [stage, *arguments]
    run(importlib.import_module(f"pipeline.stages.{stage}").main)


def main() -> None:
    forking = multiprocessing.get_context("fork")
    every = list(commands())
    last = [place for place, (name, *_) in enumerate(every) if [name] == sys.argv[1:]]
    for stage, *arguments in every[: last[-1] + 1] if last else every:
        importlib.import_module(f"pipeline.stages.{stage}")
        process = forking.Process(target=start, args=(stage, *arguments))
        process.start()
        process.join()
        if process.exitcode:
            sys.exit(process.exitcode)


if __name__ == "__main__":
    main()
