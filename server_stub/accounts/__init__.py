"""Organisations, officers, devices and their tokens."""
