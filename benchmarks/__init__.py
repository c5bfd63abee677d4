"""Every claim about speed, measured beside its floor in the same run: `python -m benchmarks [name ...]`."""
