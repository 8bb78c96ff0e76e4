"""Dated data of the ledgers: kinds and columns, purposes, limits; each value with its source."""
