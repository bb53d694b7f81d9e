"""Rolling-origin selection: what is chosen beside the parameters is chosen over several past dates."""
