"""The stages of dvc.yaml in the order of a run, with what each reads and writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipeline.foundation.config import Params

LEFT_OUT = frozenset({"track", "monitor"})
"""One records what DVC ran, the other stands in for training."""


@dataclass(frozen=True)
class Stage:
    """One command of a run."""

    name: str
    arguments: tuple[str, ...]
    reads: tuple[Path, ...]
    """Data alone, no code."""
    writes: tuple[Path, ...]

    @property
    def module(self) -> str:
        """Return what `python -m` starts."""
        return f"pipeline.stages.{self.name.split('@')[0]}"

    def awaits_any(self, others: Sequence["Stage"]) -> bool:
        """Say whether it reads what one of the others is still to write."""
        return any(
            read.is_relative_to(written) or written.is_relative_to(read)
            for other in others
            if other is not self
            for written in other.writes
            for read in self.reads
        )


def stages_of(dvc_yaml: Path, params: Params) -> list[Stage]:
    """Return the stages, each after those whose files it reads; one a model where dvc.yaml says so."""
    declared = yaml.safe_load(dvc_yaml.read_text(encoding="utf-8"))["stages"]
    waiting = [
        stage
        for name, one in declared.items()
        if name not in LEFT_OUT
        for stage in _stages(name, one, params)
    ]
    ordered = []
    while waiting:
        ordered.append(next(stage for stage in waiting if not stage.awaits_any(waiting)))
        waiting.remove(ordered[-1])
    return ordered


def _stages(name: str, declared: Mapping[str, Any], params: Params) -> list[Stage]:
    values = {
        "${source.name}": params.source.name,
        "${source.files.folder}": params.source.files.folder,
    }
    if "matrix" not in declared:
        return [_stage(name, (), declared, values)]
    return [
        _stage(f"{name}@{model}", (model,), declared, {**values, "${item.model}": model})
        for model in params.models
    ]


def _stage(
    name: str, arguments: tuple[str, ...], declared: Mapping[str, Any], values: Mapping[str, str]
) -> Stage:
    reads = [path for path in _paths(declared["deps"], values) if path.parts[0] != "pipeline"]
    return Stage(name, arguments, tuple(reads), tuple(_paths(declared["outs"], values)))


def _paths(entries: Sequence[Any], values: Mapping[str, str]) -> list[Path]:
    found = []
    for entry in entries:
        text = entry if isinstance(entry, str) else next(iter(entry))
        for placeholder, value in values.items():
            text = text.replace(placeholder, value)
        found.append(Path(text))
    return found
