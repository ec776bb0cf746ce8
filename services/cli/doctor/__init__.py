"""What is wrong with the house, in plain words, and what to do about it."""
