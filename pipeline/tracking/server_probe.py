"""Health check of the tracking server: seconds, where MLflow would try again for minutes.

And what to do where it answers, but lets nobody in.
"""

import os
import ssl
import urllib.error
import urllib.request
from http.client import HTTPException
from urllib.parse import urlsplit

from pipeline.foundation.addresses import hide_credentials
from pipeline.foundation.errors import DataError
from pipeline.tracking.location import Location

SECONDS = 10
_HEALTH = "/health"
_SERVER_FAULTS = 500
_REFUSALS = (401, 403)
_PATIENCE = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2", "MLFLOW_HTTP_REQUEST_TIMEOUT": "30"}
"""Of MLflow, once the server has answered; its own are 7 and 120 seconds. What is set stays."""


def require_server(location: Location) -> None:
    """Refuse a server that does not answer; a store without one needs none.

    An answer of any kind will do, a refusal to let us in as well: MLflow sends the credentials.

    Raises:
        DataError: nothing answers, or something that says that the server behind it does not.
    """
    if not location.uri.startswith(("http://", "https://")):
        return
    for name, value in _PATIENCE.items():
        os.environ.setdefault(name, value)
    found = _fault(_without_login(location.uri).rstrip("/") + _HEALTH)
    if found is not None:
        raise DataError(
            f"a tracking server that answers at {hide_credentials(location.uri)}",
            found,
            "Start it, or correct MLFLOW_TRACKING_URI (unset, runs are recorded in mlruns), and run "
            "the same command again: every output is written, and the run is recorded then.",
        )


def require_entry(error: Exception, location: Location) -> None:
    """Refuse a login that the server does not take; any other error passes.

    Args:
        error: what MLflow raised.
        location: the store that was asked.

    Raises:
        DataError: the error says that the server does not let this user in.
    """
    tell = getattr(error, "get_http_status_code", None)
    status = None if tell is None else tell()
    if location.is_served and status in _REFUSALS:
        raise DataError(
            f"a user whom the tracking server at {hide_credentials(location.uri)} lets in",
            f"HTTP {status}",
            "Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or ask whoever runs the "
            "server for the permission, and run the same command again: every output is written, "
            "and the run is recorded then.",
        ) from None


def _without_login(url: str) -> str:
    """Return an address without user and password, which the health check needs not."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _fault(url: str) -> str | None:
    """Return what is wrong with a server; nothing where it answers."""
    try:
        with urllib.request.urlopen(url, timeout=SECONDS):  # noqa: S310 - http or https, see above
            return None
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}" if error.code >= _SERVER_FAULTS else None
    except urllib.error.URLError as error:
        # MLflow may know the certificate by settings of its own.
        return None if isinstance(error.reason, ssl.SSLError) else str(error.reason)
    except (OSError, ValueError, HTTPException) as error:
        return str(error) or type(error).__name__
