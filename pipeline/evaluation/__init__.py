"""How good a scorer is on labelled rows, with intervals: discrimination, calibration, fairness, drift."""
