"""Secrets of the second step stand sealed: whoever reads a dump of the database must not be able to make codes (TM-08).

It is here and not in ``accounts`` because the keys are (``vault``).
"""

from __future__ import annotations

import base64

from hutong.foundation.access import vault
from hutong.foundation.accounts.passkeys import MFAAdapter

_PLACE = ("mfa_authenticator", "", "data")
"""allauth does not say whose secret it is: sealed for the table, not for the row."""


class SealingAdapter(MFAAdapter):
    def encrypt(self, text: str) -> str:
        return base64.b64encode(vault.seal(text, *_PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises CipherError if it was changed."""
        return vault.open(base64.b64decode(encrypted_text), *_PLACE)
