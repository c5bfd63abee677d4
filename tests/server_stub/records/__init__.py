"""Records in revisions and the one door."""
