"""The delivery profiles: one module each, each declares `PROFILE`."""

import importlib
import pkgutil

from pipeline.exports.profile import Profile
from pipeline.foundation.errors import ConfigurationError, did_you_mean, known


def find(name: str) -> Profile:
    """Return the profile of a name.

    Raises:
        ConfigurationError: no module declares it.
    """
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    if name not in names:
        raise ConfigurationError(
            f"exports.profiles {known(names)}",
            repr(name),
            f"{did_you_mean(name, names)}Correct exports.profiles in params.yaml or add "
            f"pipeline/exports/profiles/{name}.py.",
        )
    profile: Profile = importlib.import_module(f"{__name__}.{name}").PROFILE
    return profile
