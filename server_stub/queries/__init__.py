"""Questions, letters and the signed answers."""
