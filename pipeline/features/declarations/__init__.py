"""What each family measures, as data: one module a family, named as it is."""
