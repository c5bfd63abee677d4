"""Repair: eligibility shown, applications prepared and handed over, results received; nothing is decided."""
