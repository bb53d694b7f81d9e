"""The drawings of page and tracking: tables in, SVG out."""
