"""The wire: routes, their gate and their words."""
