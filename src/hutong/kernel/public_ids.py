"""What stands in addresses instead of a key: drawn by chance, so that nothing can be counted or guessed."""

from __future__ import annotations

import base64
import secrets


def new_public_id() -> str:
    """16 characters (80 bits) that tell nothing."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()
