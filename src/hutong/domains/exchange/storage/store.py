"""Where delivered files lie: outside every web root, one folder a batch or run, each file sealed with AES-256-GCM.

Format: ``HTX1 | key-id length | key id | nonce prefix (8)`` then chunks ``length (4) | ciphertext+tag``. A chunk's nonce is
the prefix and its number; header, place, number and "last" are authenticated, so a file cannot be cut, reordered or put
under another batch. Plain bytes exist in memory and in ``workspace()`` only. Lists of a sealed compartment
lie under that compartment's own key (ADR 0014).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from hutong.foundation.access import vault
from hutong.kernel.cipher import CipherError, KeyProvider

_MAGIC: Final = b"HTX1"
_CHUNK: Final = 1 << 20
_PURPOSE: Final = "exchange:file"
_CUT: Final = "存储的清单文件被改动、截断或移到别处，无法打开。请联系系统管理员核查。"


def root() -> Path:
    return Path(settings.UPLOADS) / "exchange"


def _path(owner: str, part: str) -> Path:
    if not owner.isalnum() or "/" in part or part.startswith("."):
        raise ValueError(part)
    return root() / owner[:2] / owner / part


def exists(owner: str, part: str) -> bool:
    return _path(owner, part).exists()


def put(owner: str, part: str, source: BinaryIO, *, compartment: str = "") -> int:
    """Seal ``source`` as ``part`` of batch or run ``owner`` (its public id); returns plain bytes. Whole or not at all."""
    target = _path(owner, part)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as sink:
            size = _seal(source, sink, f"{owner}/{part}", vault.keys_of(compartment))
            sink.flush()
            os.fsync(sink.fileno())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return size


def put_file(owner: str, part: str, path: Path, *, compartment: str = "") -> int:
    with path.open("rb") as source:
        return put(owner, part, source, compartment=compartment)


def read(owner: str, part: str, *, compartment: str = "") -> bytes:
    """The whole plain content; CipherError when changed or moved, FileNotFoundError when absent."""
    with _path(owner, part).open("rb") as source:
        return b"".join(_open(source, f"{owner}/{part}", vault.keys_of(compartment)))


def copy_to(owner: str, part: str, target: Path, *, compartment: str = "") -> None:
    """Open into a file of a ``workspace``."""
    with _path(owner, part).open("rb") as source, target.open("wb") as sink:
        for block in _open(source, f"{owner}/{part}", vault.keys_of(compartment)):
            sink.write(block)


def drop(owner: str) -> None:
    """Remove what was stored for an upload that was refused before it became a batch."""
    shutil.rmtree(_path(owner, "x").parent, ignore_errors=True)


@contextlib.contextmanager
def workspace() -> Iterator[Path]:
    """A folder only this process's user can enter, gone afterwards whatever happens."""
    base = root() / "work"
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=base) as folder:
        yield Path(folder)


def _seal(source: BinaryIO, sink: BinaryIO, place: str, keys: KeyProvider) -> int:
    key_id = keys.active_key_id.encode()
    header = _MAGIC + bytes((len(key_id),)) + key_id + os.urandom(8)
    sink.write(header)
    box = AESGCM(keys.key(keys.active_key_id, _PURPOSE))
    number, size = 0, 0
    block = source.read(_CHUNK)
    while True:
        ahead = source.read(_CHUNK)
        sealed = box.encrypt(_nonce(header, number), block, _bound(header, place, number, last=not ahead))
        sink.write(len(sealed).to_bytes(4, "big") + sealed)
        number, size = number + 1, size + len(block)
        if not ahead:
            return size
        block = ahead


def _open(source: BinaryIO, place: str, keys: KeyProvider) -> Iterator[bytes]:
    start = source.read(5)
    if len(start) != 5 or start[:4] != _MAGIC:
        raise CipherError("存储的清单文件格式无法识别，可能已损坏。请联系系统管理员核查。")
    rest = source.read(start[4] + 8)
    header = start + rest
    box = AESGCM(keys.key(rest[:-8].decode(), _PURPOSE))
    number, length = 0, source.read(4)
    if not length:
        raise CipherError(_CUT)
    while length:
        sealed = source.read(int.from_bytes(length, "big"))
        length = source.read(4)
        try:
            yield box.decrypt(_nonce(header, number), sealed, _bound(header, place, number, last=not length))
        except InvalidTag:
            raise CipherError(_CUT) from None
        number += 1


def _nonce(header: bytes, number: int) -> bytes:
    return header[-8:] + number.to_bytes(4, "big")


def _bound(header: bytes, place: str, number: int, *, last: bool) -> bytes:
    return header + place.encode() + number.to_bytes(4, "big") + (b"\x01" if last else b"\x00")
