"""Nested JSON as flat names: what a tracking store shows as parameters and figures."""

from collections.abc import Mapping


def flatten(values: Mapping[str, object], prefix: str = "") -> dict[str, float]:
    """Return every number of nested JSON by its dotted path; texts, lists and nulls are left out.

    `{"auc": {"value": 0.7, "low": None}, "rows": 3}` is `{"auc.value": 0.7, "rows": 3.0}`.
    """
    numbers: dict[str, float] = {}
    for name, value in values.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            numbers |= flatten(value, f"{path}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            numbers[path] = float(value)
    return numbers


def flatten_counts(counts: Mapping[str, int], prefix: str) -> dict[str, float]:
    """Return counts by their prefixed names, and their sum as `<prefix>.total`."""
    return flatten({**counts, "total": sum(counts.values())}, f"{prefix}.")


def to_texts(values: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    """Return every single value of nested JSON as text by its dotted path; lists are left out."""
    texts: dict[str, str] = {}
    for name, value in values.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            texts |= to_texts(value, f"{path}.")
        elif not isinstance(value, list):
            texts[path] = str(value)
    return texts
