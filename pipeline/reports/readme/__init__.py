"""The README's tables of figures, made anew from reports."""
