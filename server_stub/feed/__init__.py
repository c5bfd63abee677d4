"""Numbered changes that every client follows."""
