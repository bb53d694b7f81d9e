"""What every stage stands on: parameters, paths, errors, the contract of the tables, engines."""
