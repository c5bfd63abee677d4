"""Rows of the queries room."""
