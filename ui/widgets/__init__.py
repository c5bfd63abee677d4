"""The few widgets that every page is built from."""
