"""Which products go with which: in baskets, one after another, and among one customer's."""
