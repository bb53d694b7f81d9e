"""Reports read attributes of documents, not keys of dictionaries."""

import ast
from pathlib import Path

ROOM = Path(__file__).parents[2] / "pipeline/reports"
MOST = 80
"""String subscripts in the whole room; what is left reads columns of tables."""


def string_subscripts(path: Path) -> int:
    return sum(
        isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )


def test_few_values_are_looked_up_by_a_string() -> None:
    found = {path.name: string_subscripts(path) for path in ROOM.rglob("*.py")}
    assert sum(found.values()) <= MOST, found


def test_no_untyped_mapping_is_handed_in() -> None:
    untyped = [
        path.name
        for path in ROOM.rglob("*.py")
        if "Mapping[str, Any]" in path.read_text(encoding="utf-8")
    ]
    assert untyped == []
