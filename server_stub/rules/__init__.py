"""Dated tables and what they decide."""
