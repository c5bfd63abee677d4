"""Lists of units as people keep them: which column is which, numbers mended or explained, each unit once."""
