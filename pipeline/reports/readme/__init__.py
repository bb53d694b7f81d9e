"""The tables of figures of docs/quality.md, made anew from reports."""
