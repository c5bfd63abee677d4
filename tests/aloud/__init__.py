"""The window as a screen reader gets it: over the accessibility bus, from another process."""
