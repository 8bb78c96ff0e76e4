"""How workers are shown."""
