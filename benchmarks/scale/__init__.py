"""What every stage costs at several sizes of the simulated company, and what a larger one takes."""
