"""Up-sell and cross-sell propensity, from raw customer tables to scored CRM files."""

import os

# LightGBM's OpenMP threads spin while they wait: on busy cores a fit of 0.03 s takes a minute.
# The variable is read when the library is loaded, so it is set before anything imports it.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
