"""Sealed fields and search tokens with the keys of this installation (ADR 0007); the cryptography is ``kernel.cipher``.

A sealed value opens only in the place it was sealed for: ``table``, ``row`` (the row's public key, known before it is
written) and ``column``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import cast

from django.conf import settings

from hutong.kernel import cipher


@cache
def _provider(key_file: str, master: str) -> cipher.KeyProvider:
    if key_file:
        return cipher.FileKeyProvider(Path(key_file))
    return cipher.DerivedKeyProvider(bytes.fromhex(master))


def keys() -> cipher.KeyProvider:
    """The installation's keys: the key file where one is named, else derived from the development secret."""
    return _provider(settings.KEY_FILE, settings.MASTER_KEY)


def keys_of(compartment: str) -> cipher.KeyProvider:
    """The keys of a compartment, the ordinary ones for ''; CipherError where this installation lacks them."""
    return keys().compartment(compartment) if compartment else keys()


def available(compartment: str) -> bool:
    """Whether this installation holds the key of the compartment."""
    try:
        keys().compartment(compartment)
    except cipher.CipherError:
        return False
    return True


def seal(value: str, table: str, row: object, column: str, *, compartment: str = "") -> bytes:
    """Encrypt ``value`` for one place; '' gives b'' (nothing to hide). ``compartment``: under that one's own key."""
    if not value:
        return b""
    algorithm = cast(cipher.Algorithm, settings.FIELD_CIPHER)
    keep = keys_of(compartment)
    return cipher.seal(value, table=table, row=row, column=column, keys=keep, algorithm=algorithm)


def open(
    sealed: bytes | memoryview | None, table: str, row: object, column: str, *, compartment: str = ""
) -> str:
    """The value sealed for this place; b'' and None give ''. CipherError if it was changed or belongs elsewhere."""
    if not sealed:
        return ""
    return cipher.unseal(sealed, table=table, row=row, column=column, keys=keys_of(compartment))


def token(value: str, purpose: str, *, compartment: str = "") -> str:
    """64 hex digits to find ``value`` by without opening anything; '' gives ''. Normalise the value first."""
    return cipher.token(value, purpose=purpose, keys=keys_of(compartment)) if value.strip() else ""
