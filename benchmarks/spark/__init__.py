"""A whole run on Spark against the same run on DuckDB: `python -m benchmarks.spark`."""
