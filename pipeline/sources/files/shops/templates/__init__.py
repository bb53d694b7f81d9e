"""One module a template: the official columns of a shop system's exports, and what they mean."""
