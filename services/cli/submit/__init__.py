"""A charity's own sheet goes to the register, and comes back with the answer beside each row."""
