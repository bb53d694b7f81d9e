"""The feature family socio_demographics."""
