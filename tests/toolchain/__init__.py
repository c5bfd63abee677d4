"""Tests of the house itself: what may be written where."""
