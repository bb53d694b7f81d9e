"""Acquisitions, cancellations and returns: the whole ledger and, at candidate grain, the category."""
