"""Addresses of databases: read from the environment, and never shown with what is secret in them."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

from pipeline.foundation.errors import ConfigurationError, DataError, PipelineError

HIDDEN = "***"
_SECRET_KEYS = re.compile(r"pass|pwd|secret|token|key|credential", re.IGNORECASE)
_CREDENTIALS = re.compile(r"(://[^\s/:@]*:)[^\s@]+@")


def read_address(variable: str) -> str:
    """Return the URL that an environment variable holds.

    Raises:
        ConfigurationError: the variable is not set, or holds no URL.
    """
    address = os.environ.get(variable, "").strip()
    if "://" not in address:
        raise ConfigurationError(
            f"the URL of a database in the environment variable {variable}",
            "something else" if address else "nothing",
            "Set it, such as postgresql://user:password@host/database or sqlite:////folder/shop.db; "
            "params.yaml names the variable and never the URL.",
        )
    return address


def hide_secrets(text: str, address: str) -> str:
    """Return a text without the passwords and tokens of an address, however they are written."""
    for secret in sorted(_secrets(address), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return hide_credentials(text)


def hide_credentials(text: str) -> str:
    """Return a text without the password of any URL in it."""
    return _CREDENTIALS.sub(rf"\1{HIDDEN}@", text)


@contextmanager
def asking(variable: str, address: str) -> Iterator[None]:
    """Report what a database or its driver refuses, without what is secret in its address.

    The original error is left behind: its text and its chain may hold the address.

    Raises:
        DataError: the database or its driver refused something.
    """
    try:
        yield
    except PipelineError:
        raise
    except Exception as error:  # noqa: BLE001 - every driver has errors of its own
        found = " ".join(hide_secrets(str(error), address).split()) or type(error).__name__
        raise DataError(
            f"an answer of the database in {variable}",
            found,
            "Correct the address, the rights of its user, or the tables and queries in params.yaml.",
        ) from None


def _secrets(address: str) -> set[str]:
    """Return what is secret in a URL, as it is written there and as it is meant."""
    parts = urlsplit(address)
    written = [address, parts.netloc.rpartition("@")[0].partition(":")[2]]
    written += [value for key, value in parse_qsl(parts.query) if _SECRET_KEYS.search(key)]
    written += re.findall(r"(?i)(?:pass|pwd|secret|token|key)[^=&?]*=([^&]+)", parts.query)
    return {form for one in written if one for form in (one, unquote(one), unquote_plus(one))}
