"""MLflow's record of every distinct result. It keeps what happened; it never changes an output."""
