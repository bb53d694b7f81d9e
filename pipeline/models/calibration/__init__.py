"""From scores to probabilities that come true."""
