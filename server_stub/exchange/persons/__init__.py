"""Persons of the population register: staged, entered by a second member of the staff, taken back."""
