"""The delivery profiles: one module each, each declares `PROFILE`."""

import importlib

from pipeline.exports.profile import Profile
from pipeline.foundation.choices import PROFILES


def find(name: str) -> Profile:
    """Return the profile of a name.

    Raises:
        ConfigurationError: no module declares it.
    """
    PROFILES.check(name)
    profile: Profile = importlib.import_module(f"{__name__}.{name}").PROFILE
    return profile
