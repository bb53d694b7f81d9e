"""Web and app: what was looked at, searched for and left in the cart; at candidate grain, where."""
