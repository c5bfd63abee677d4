"""Rows of the rules room."""
