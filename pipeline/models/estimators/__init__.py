"""Ways of scoring rows, each fitted on labelled rows and readable as text."""
