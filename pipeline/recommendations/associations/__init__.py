"""Association rules among products: in one basket, in the next one, and of one customer."""
