"""What goes wrong, in three parts: what was expected, what was found, what to do."""

import difflib
from collections.abc import Iterable


class PipelineError(Exception):
    """An error its reader can act on; stages print it without a traceback."""

    def __init__(self, expected: str, found: str, remedy: str) -> None:
        super().__init__(f"expected {expected}; found {found}. {remedy}")


class ConfigurationError(PipelineError):
    """`params.yaml` does not say what it may say."""


class DataError(PipelineError):
    """The data are not what the contract asks for."""


class BrokenCheckError(PipelineError):
    """A check could not be carried out; this says nothing about the data."""


def known(names: Iterable[str]) -> str:
    """List the allowed names for an error message, in order."""
    return "one of " + ", ".join(sorted(names))


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return a hint with the closest known name, or nothing."""
    close = difflib.get_close_matches(name, list(names), n=1)
    return f"Did you mean {close[0]!r}? " if close else ""


def unknown_name(
    where: str, name: str, names: Iterable[str], remedy: str = "Correct params.yaml."
) -> ConfigurationError:
    """Return the error of a name in the parameters that is none of those that would do.

    Args:
        where: what the names are of, such as "source.name".
        name: that was given.
        names: that would do; the closest is proposed.
        remedy: what to do.
    """
    would_do = list(names)
    return ConfigurationError(
        f"{where} {known(would_do)}", repr(name), f"{did_you_mean(name, would_do)}{remedy}"
    )
