"""What more than one stage does with files; every stage depends on all of it."""
