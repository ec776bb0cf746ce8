"""Charities and their machine clients come into the register; what else a command needs to call it."""
