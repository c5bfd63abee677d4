"""Credit records in revisions, and the one door through which they are shown."""
