"""How leads and their figures are said and drawn."""
