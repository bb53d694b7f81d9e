"""One feature family's whole windowed set in three ways, each a module with `compute(folder)`."""
