"""The model card: what one model is, how good it is, when to replace it; Markdown."""
