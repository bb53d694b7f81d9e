"""Which rows may be believed, and whether enough of them may to go on."""
