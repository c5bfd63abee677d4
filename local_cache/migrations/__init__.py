"""The tables of both files, one numbered step after the other."""
