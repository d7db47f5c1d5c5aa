"""Small meta-problems in the order of size, and a quick numerical look at them."""
