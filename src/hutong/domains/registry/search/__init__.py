"""Finding a child by what is typed, and what is stored for it (README, Search)."""
