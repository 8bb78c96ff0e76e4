"""Pages of offers, and the public self-check."""
