"""How ledgers, exports and forms are put into words."""
