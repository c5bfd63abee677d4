"""Rows of the reports room."""
