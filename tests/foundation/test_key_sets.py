"""Key sets and arm names stand once, in the contracts."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.foundation.contracts import keys
from pipeline.foundation.contracts.arms import ARMS

ROOM = Path(keys.__file__).parents[2]
CONTRACTS = Path(keys.__file__).parent
FILES = sorted(
    path
    for path in ROOM.rglob("*.py")
    if path.parent != CONTRACTS and path.parent.name != "profiles"  # declarations of columns
)
KEY_SETS = {value for name, value in vars(keys).items() if name.endswith("_KEYS")}
CONTROLS = {name for name in ARMS if "_" in name}  # `treated` is a word of its own too


def literal_sequences(path: Path) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.List | ast.Tuple):
            yield tuple(str(e.value) if isinstance(e, ast.Constant) else "" for e in node.elts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOM).as_posix())
def test_no_key_set_stands_as_a_literal(path: Path) -> None:
    assert not KEY_SETS.intersection(literal_sequences(path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOM).as_posix())
def test_no_arm_stands_as_a_literal(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}

    assert not CONTROLS & words
