"""Two desks behind one door: ``live`` passes on to the exchange, ``trial`` answers in the same shapes and touches nothing."""
