"""Models over any labelled table: matrices, labels, weights and groups, nothing of the business."""

import os

# LightGBM's OpenMP threads spin while they wait: on busy cores a fit of 0.03 s takes a minute.
# The variable is read when the library is loaded, so it is set before anything here imports it.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
