"""Rows of the cases room."""
