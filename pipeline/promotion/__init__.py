"""Whether a challenger may score: the gate, its checks, the verdict and the grade."""
