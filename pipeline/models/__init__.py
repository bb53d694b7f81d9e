"""Models over any labelled table: matrices, labels, weights and groups, nothing of the business."""
