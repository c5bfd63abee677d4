"""Pictures of every page at 1280x800, light and dark."""
