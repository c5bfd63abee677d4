"""Settings, keys, certificates and the clock."""
