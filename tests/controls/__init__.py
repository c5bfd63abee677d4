"""Controls: one-line sabotages of the guards, each of which must turn a named test red."""
