"""Which products to show each customer, and the list that gave each."""
