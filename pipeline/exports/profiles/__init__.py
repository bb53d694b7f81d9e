"""The delivery profiles: one module each, each declares `PROFILE`."""

import importlib
import pkgutil

from pipeline.exports.profile import Profile
from pipeline.foundation.errors import unknown_name


def find(name: str) -> Profile:
    """Return the profile of a name.

    Raises:
        ConfigurationError: no module declares it.
    """
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    if name not in names:
        remedy = (
            f"Correct exports.profiles in params.yaml or add pipeline/exports/profiles/{name}.py."
        )
        raise unknown_name("exports.profiles", name, names, remedy)
    profile: Profile = importlib.import_module(f"{__name__}.{name}").PROFILE
    return profile
