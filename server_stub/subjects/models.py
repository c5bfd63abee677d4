"""Rows of the subjects room."""
