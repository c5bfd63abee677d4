"""Faults: what is left behind, what survives a kill, what a broken network does."""
