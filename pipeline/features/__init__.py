"""Feature families, one file each: what is known of a customer at an as-of date."""
