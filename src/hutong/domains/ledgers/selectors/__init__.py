"""The front door of ``ledgers`` for reading."""

from hutong.domains.ledgers.selectors.exports import get_request, list_requests
from hutong.domains.ledgers.selectors.ledger import Asked, count, list_ledger

__all__ = ["Asked", "count", "get_request", "list_ledger", "list_requests"]
