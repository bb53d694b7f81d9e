"""Deciding and exporting for a company of any size: `python -m benchmarks.decisions`."""
