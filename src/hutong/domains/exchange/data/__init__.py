"""Dated data of the exchange and what reads it."""
