"""What goes with what, what to show each customer, and what to promise for a larger order."""
