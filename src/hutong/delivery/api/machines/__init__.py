"""State machines of the departments' door."""
