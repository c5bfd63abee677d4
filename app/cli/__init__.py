"""The command line: the services of the window for back offices, scripts and tests."""

from app.cli.running import main

__all__ = ["main"]
