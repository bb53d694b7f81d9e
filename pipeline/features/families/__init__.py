"""The feature families, one folder each: what they compute, what they declare, how it is told."""
