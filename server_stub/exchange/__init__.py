"""What other bodies hand in: staged, applied, reversed."""
