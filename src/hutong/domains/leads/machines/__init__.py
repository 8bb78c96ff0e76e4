"""State machines of leads and of corrections of source data."""
