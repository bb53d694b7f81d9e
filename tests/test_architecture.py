"""The house rules, run as tests: a rule that is not run is a wish."""

import ast
import re
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
LAYERS = (
    "errors",
    "choices",
    "paths",
    "addresses",
    "parameter_types",
    "config",
    "display_names",
    "faults",
    "leftovers",
    "running",
    "storage_addresses",
    "stored_tables",
    "cluster_storage",
    "contracts",
    "wave_seals",
    "batch_files",
    "batch_functions",
    "engines",
    "statistics",
    "sources",
    "validation",
    "population",
    "features",
    "models",
    "evaluation",
    "promotion",
    "effects",
    "segments",
    "recommendations",
    "offers",
    "exports",
    "campaigns",
    "studies",
    "reports",
    "tracking",
    "io",
    "stages",
    "commands",
)
DOORS = {
    "mlflow": {"tracking"},
    "optuna": {"models"},
    "great_expectations": {"validation"},
    "lightgbm": {"models"},
    "pyspark": {"engines"},
}
IBIS_ROOMS = {
    "engines",
    "sources",
    "validation",
    "population",
    "features",
    "segments",
    "recommendations",
    "offers",
    "io",
    "stages",
    "commands",
}
# Folders whose modules are found by name: a stage that loads one so depends on the whole folder, and
# on what those of its modules import that the loader looks for.
FOUND_BY_NAME = {
    "pipeline.foundation.engines": ("foundation/engines", "*"),
    "pipeline.exports.profiles": ("exports/profiles", "*"),
    "pipeline.features.declared_family": ("features/families", "*/declare.py"),
    "pipeline.features.family": ("features/families", "*/*.py"),
    "pipeline.sources": ("sources", "*"),
}
# Code that a stage hands on with a model, without running it.
SHIPPED = {"track": {"pipeline/models", "pipeline/statistics"}}
LEAST_SHARE = 0.6
"""Of the files below a dependency that a stage must run: else a change reruns it for nothing."""
CLOCKS = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)\(")

MODULES = sorted((ROOT / "pipeline").rglob("*.py"))
DVC: dict[str, Any] = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))
PARAMS: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    parts = [part for part in module.split(".") if part != "foundation"]
    return [*parts, ""][1]


def says_nothing_but_a_docstring(path: Path) -> bool:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return len(body) == 1 and isinstance(body[0], ast.Expr)


@cache
def nodes_of(path: Path) -> Sequence[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imports_of(path: Path) -> Sequence[str]:
    return list(_imports(nodes_of(path)))


def _imports(nodes: Sequence[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def file_of(module: str) -> Path | None:
    base = ROOT / Path(*module.split("."))
    candidates = (base.with_suffix(".py"), base / "__init__.py")
    return next((path for path in candidates if path.exists()), None)


@cache
def closure(path: Path) -> frozenset[Path]:
    """Return every file of the pipeline that importing a file runs."""
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        current = waiting.pop()
        if current in found:
            continue
        found.add(current)
        for module in imports_of(current):
            if module.split(".")[0] == "pipeline":
                parts = module.split(".")
                packages = (".".join(parts[:end]) for end in range(1, len(parts) + 1))
                waiting += [file for package in packages if (file := file_of(package))]
    return frozenset(found)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_flow_one_way(path: Path) -> None:
    room = room_of(name_of(path))
    for module in imports_of(path):
        if module.startswith("pipeline.") and room:
            imported = room_of(module) or "errors"  # the package of the first layers
            assert LAYERS.index(imported) <= LAYERS.index(room), f"{path} imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_heavy_tools_have_one_door_each(path: Path) -> None:
    room = room_of(name_of(path))
    for module in imports_of(path):
        tool = module.split(".")[0]
        assert room in DOORS.get(tool, {room}), f"{path} imports {module}"
        assert tool != "ibis" or room in IBIS_ROOMS, f"{path} imports {module}"


@pytest.mark.parametrize("tool", sorted(DOORS))
def test_a_heavy_tool_is_imported_by_one_module(tool: str) -> None:
    doors = {
        path for path in MODULES if any(name.split(".")[0] == tool for name in imports_of(path))
    }
    assert len(doors) == 1, f"{tool} is imported by {sorted(map(str, doors))}"


def test_feature_families_and_stages_do_not_import_each_other() -> None:
    families = ["pipeline", "features", "families"]
    assert file_of("pipeline.features.families.surveys.compute")
    for path in MODULES:
        own = name_of(path).split(".")
        for module in imports_of(path):
            parts = module.split(".")
            if own[1:2] == ["features"] and parts[:3] == families:
                assert own[:4] == parts[:4], f"{path} imports {module}"
            if own[1:2] == ["stages"] and module.startswith("pipeline.stages.") and file_of(module):
                assert parts[2] not in DVC_STAGES, f"{path} imports {module}"


DVC_STAGES = set(DVC["stages"])


def stage_file(stage: str) -> Path:
    return ROOT / "pipeline" / "stages" / f"{stage}.py"


def declared(stage: str, what: str) -> list[str]:
    entries = DVC["stages"][stage].get(what, [])
    return [entry if isinstance(entry, str) else next(iter(entry)) for entry in entries]


@pytest.mark.parametrize("stage", sorted(DVC_STAGES))
def test_a_stage_is_one_file_of_its_name(stage: str) -> None:
    assert f"python -m pipeline.stages.{stage}" in DVC["stages"][stage]["cmd"]
    assert stage_file(stage).exists()


@pytest.mark.parametrize("stage", sorted(DVC_STAGES))
def test_a_stage_is_thin(stage: str) -> None:
    assert len(stage_file(stage).read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize("stage", sorted(DVC_STAGES))
def test_the_dependencies_of_a_stage_cover_the_modules_it_imports(stage: str) -> None:
    covered = [ROOT / entry for entry in declared(stage, "deps")]
    modules = closure(stage_file(stage)) | run_by_name(stage)
    for module in modules - {path for path in modules if says_nothing_but_a_docstring(path)}:
        assert any(module == entry or entry in module.parents for entry in covered), (
            f"stage {stage} imports {module.relative_to(ROOT)}, which is not in its deps"
        )
    for folder in folders_found_by_name(stage):
        assert any(folder == entry or entry in folder.parents for entry in covered)


def loaders(stage: str) -> set[str]:
    """Return the modules by which a stage, or what it finds by name, finds others by name."""
    known: set[str] = set()
    runs = closure(stage_file(stage))
    while found := (FOUND_BY_NAME.keys() & {name_of(module) for module in runs}) - known:
        known |= found
        runs = runs.union(*(files_of(loader) for loader in found))
    return known


def files_of(loader: str) -> set[Path]:
    """Return the files that a module may find by name, and all that those import."""
    folder, name = FOUND_BY_NAME[loader]
    found = (ROOT / "pipeline" / folder).glob(name)
    files = [path / "__init__.py" if path.is_dir() else path for path in found]
    return {module for file in files if file in MODULES for module in closure(file)}


def folders_found_by_name(stage: str) -> set[Path]:
    return {ROOT / "pipeline" / FOUND_BY_NAME[loader][0] for loader in loaders(stage)}


def found_by_name(stage: str) -> set[Path]:
    """Return the files that a stage finds by name: imports do not show which of them it runs."""
    return {path for path in MODULES if folders_found_by_name(stage) & {*path.parents}}


def run_by_name(stage: str) -> set[Path]:
    """Return what a stage may run of them, and all that those import."""
    return {module for loader in loaders(stage) for module in files_of(loader)}


@pytest.mark.parametrize("stage", sorted(DVC_STAGES))
def test_a_stage_runs_most_of_the_code_that_it_depends_on(stage: str) -> None:
    runs = closure(stage_file(stage)) | found_by_name(stage) | run_by_name(stage)
    for entry in set(declared(stage, "deps")) - SHIPPED.get(stage, set()):
        if not entry.startswith("pipeline/"):
            continue
        below = {
            path
            for path in MODULES
            if ROOT / entry in (path, *path.parents) and not says_nothing_but_a_docstring(path)
        }
        share = len(below & runs) / len(below)
        assert share >= LEAST_SHARE, f"{stage} runs {share:.0%} of the files below {entry}"


def reruns_after_a_change_of(file: str) -> set[str]:
    """Return the stages whose command DVC starts anew: they depend on the file, or on such a stage."""
    path = ROOT / file
    stale = {
        stage
        for stage in DVC_STAGES
        if any(ROOT / entry in (path, *path.parents) for entry in declared(stage, "deps"))
    }
    while True:
        written = places(",".join(stale), "outs", "metrics")
        later = {
            stage
            for stage in DVC_STAGES
            for needed in places(stage, "deps")
            if any(
                needed == out or needed in out.parents or out in needed.parents for out in written
            )
        }
        if later <= stale:
            return stale
        stale |= later


BEFORE_PROMOTE = {"ingest", "validate", "population", "features", "tune", "train", "evaluate"}
BEFORE_RECOMMEND = {"ingest", "validate", "population", "segment"}


@pytest.mark.parametrize(
    ("file", "first", "untouched"),
    [
        ("pipeline/promotion/grade.py", "promote", BEFORE_PROMOTE | {"segment", "recommend"}),
        (
            "pipeline/recommendations/lists/assembly.py",
            "recommend",
            BEFORE_PROMOTE | BEFORE_RECOMMEND | {"promote", "monitor", "score", "decide"},
        ),
        ("pipeline/campaigns/qini.py", "measure", BEFORE_PROMOTE | BEFORE_RECOMMEND),
    ],
)
def test_a_change_of_a_room_reruns_its_stage_and_later_ones_only(
    file: str, first: str, untouched: set[str]
) -> None:
    assert (ROOT / file).exists()
    stale = reruns_after_a_change_of(file)
    assert first in stale
    assert not stale & untouched


def parameters_read(stage: str) -> set[str]:
    """Return what a stage reads of the parameters: a section, or one entry of it."""
    found: set[str] = set()
    for path in closure(stage_file(stage)):
        if path.parent.name not in ("stages", "io"):
            continue
        inner: set[int] = set()
        for node in nodes_of(path):  # outer attributes come before the ones they contain
            if isinstance(node, ast.Attribute) and id(node) not in inner:
                inner |= {id(child) for child in ast.walk(node)}
                parts = ast.unparse(node).split(".")
                if parts[0] == "params" and parts[1].rstrip("_") in PARAMS:
                    found.add(".".join(part.rstrip("_") for part in parts[1:3]))
    return found


@pytest.mark.parametrize("stage", sorted(DVC_STAGES))
def test_a_stage_declares_the_parameters_it_reads_and_no_others(stage: str) -> None:
    read = parameters_read(stage)
    entries = set(declared(stage, "params"))
    assert not {name for name in read if not {name, name.split(".")[0]} & entries}
    assert not {
        entry for entry in entries if not any(f"{n}.".startswith(f"{entry}.") for n in read)
    }


def test_every_section_of_the_parameters_is_declared_by_a_stage() -> None:
    used = {entry.split(".")[0] for stage in DVC_STAGES for entry in declared(stage, "params")}
    assert used == set(PARAMS)


def places(chain: str, *kinds: str) -> set[Path]:
    """Return what the stages of a chain, `stage@model,stage`, declare of some kinds."""
    named = [(stage, model) for stage, _, model in (one.partition("@") for one in chain.split(","))]
    return {
        ROOT / entry.replace("${item.model}", model)
        for stage, model in named
        for kind in kinds
        for entry in declared(stage, kind)
    }


def test_what_make_asks_for_side_by_side_needs_nothing_of_one_another() -> None:
    said = subprocess.run(
        ["make", "--dry-run", "repro"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    chains = re.findall(r"\w+(?:@\w+)?(?:,\w+(?:@\w+)?)+", said)
    assert len(chains) == len(PARAMS["retraining"]["models"]) + 1
    for chain, other in permutations(chains, 2):
        for needed in places(chain, "deps"):
            for written in places(other, "outs", "metrics"):
                assert needed != written, f"{chain} needs {written} of {other}"
                assert needed not in written.parents, f"{chain} needs {written} of {other}"
                assert written not in needed.parents, f"{chain} needs {written} of {other}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_reads_the_clock_or_prints(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not CLOCKS.search(text), f"{path} reads the clock"
    assert not re.search(r"^\s*print\(", text, re.MULTILINE), f"{path} prints"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_paths_are_written_in_one_module(path: Path) -> None:
    if path.name == "paths.py":
        return
    literals = {
        node.value
        for node in nodes_of(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not [text for text in literals if re.fullmatch(r"(data|reports)/[\w/.{}<>-]+", text)]
