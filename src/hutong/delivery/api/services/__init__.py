"""The front door of ``api``: writes of those who keep the keys, and of the door itself."""

from hutong.delivery.api.services.keys import approve, cut_off, refuse, request_key, revoke
from hutong.delivery.api.services.receipts import give, verify
from hutong.delivery.api.services.systems import register

__all__ = ["approve", "cut_off", "give", "refuse", "register", "request_key", "revoke", "verify"]
