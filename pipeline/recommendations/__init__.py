"""Product associations, product lists for each customer, and incentives."""
