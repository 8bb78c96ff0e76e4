"""Departments' lists in, comparisons over them, leads out. ``quarters`` is the period both are about."""

from hutong.domains.exchange.data import quarters

__all__ = ["quarters"]
