"""Erasing customers: what marks them, where they are found, and what is done about each place."""
