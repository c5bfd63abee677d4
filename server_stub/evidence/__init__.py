"""The tamper-evident log: device chains, one tree, signed checkpoints."""
