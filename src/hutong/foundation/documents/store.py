"""Where the bytes lie: one sealed file a document, outside every web root.

Format: ``HTD1 | key-id length | key id | nonce (12) | AES-256-GCM ciphertext``, bound to the document's public id, so a
stolen disk shows nothing and a file put under another name does not open.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from hutong.foundation.access import vault
from hutong.kernel.cipher import CipherError

_MAGIC: Final = b"HTD1"
_PURPOSE: Final = "documents:file"


def _path(public_id: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{32}", public_id):
        raise ValueError("not a document's public id")
    return Path(settings.UPLOADS) / "documents" / public_id[:2] / public_id


def work() -> Path:
    """Where workspaces are made: a folder only this process's user can enter."""
    folder = Path(settings.UPLOADS) / "documents" / "work"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def put(public_id: str, content: bytes) -> None:
    """Whole or not at all."""
    target = _path(public_id)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = vault.keys()
    key_id = keys.active_key_id
    header = _MAGIC + bytes((len(key_id.encode()),)) + key_id.encode()
    nonce = os.urandom(12)
    sealed = AESGCM(keys.key(key_id, _PURPOSE)).encrypt(nonce, content, header + public_id.encode())
    handle, name = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as sink:
            sink.write(header + nonce + sealed)
            sink.flush()
            os.fsync(sink.fileno())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def remove(public_id: str) -> None:
    """The bytes go for good; nothing happens where they are gone already."""
    _path(public_id).unlink(missing_ok=True)


def read(public_id: str) -> bytes:
    """The plain content; CipherError when changed or moved, FileNotFoundError when absent."""
    blob = _path(public_id).read_bytes()
    length = blob[4] if blob[:4] == _MAGIC and len(blob) > 5 else 0
    header, nonce, sealed = blob[: 5 + length], blob[5 + length : 17 + length], blob[17 + length :]
    try:
        key = vault.keys().key(header[5:].decode(), _PURPOSE)
        return AESGCM(key).decrypt(nonce, sealed, header + public_id.encode())
    except (InvalidTag, ValueError, KeyError):
        raise CipherError("存储的附件被改动或损坏，无法打开。请联系系统管理员核查。") from None
