"""Statistics over arrays: numbers, codes and groups, nothing of models or of the business."""
