"""What the customer said when asked; scores of all instruments on one scale from 0 to 10."""
