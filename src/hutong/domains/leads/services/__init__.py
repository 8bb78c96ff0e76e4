"""The front door of ``leads``: every write another app may ask for."""

from hutong.domains.leads.services.receiving import receive

__all__ = ["receive"]
