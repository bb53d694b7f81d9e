"""What stages read and write, one module a kind of file."""
