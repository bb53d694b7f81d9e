"""What to promise for a larger or another order, and what that has to bring to pay."""
