"""What to do with what is known: segments, lists, offers, channels, controls."""
