"""The parts of split files for ten million customers, held to the law; see `__main__`."""
