"""State machine of offers."""
