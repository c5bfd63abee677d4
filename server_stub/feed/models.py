"""Rows of the feed room."""
