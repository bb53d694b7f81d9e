"""How well a candidate goes with what the customer holds, and how the candidate is doing."""
