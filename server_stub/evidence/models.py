"""Rows of the evidence room."""
