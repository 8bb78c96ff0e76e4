"""Signed notes and checkpoints of a log: short texts that several parties can sign, read on paper and check anywhere.

A note is its text, an empty line, and one line a signature: ``— name base64(key id ‖ signature)``, the form transparency
logs use. A verifier key is written ``name+key id+base64(algorithm ‖ public key)``. Ed25519 is built in; another algorithm
(SM2 of a crypto device) joins by a ``Signer`` with its own algorithm byte and an entry in ``VERIFIERS``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ED25519: Final = 1
_DASH: Final = "\u2014 "
_KEY_ID: Final = 4


class NoteError(ValueError):
    """A text that is no note, key or checkpoint; the sentence is for the user."""


class Signer(Protocol):
    """Whoever holds a private key: a file, a key service, a crypto device."""

    @property
    def key(self) -> VerifierKey:
        """What others check the signatures with."""

    def sign(self, text: bytes) -> bytes:
        """The bare signature over the text."""


def _ed25519_holds(public: bytes, text: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


VERIFIERS: Final[dict[int, Callable[[bytes, bytes, bytes], bool]]] = {ED25519: _ed25519_holds}
"""Algorithm byte → (public key, text, signature) → whether it holds."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A name and a public key. ``str`` gives the line to pin or print."""

    name: str
    algorithm: int
    public: bytes

    @property
    def id(self) -> bytes:
        made = hashlib.sha256(self.name.encode() + b"\n" + bytes((self.algorithm,)) + self.public)
        return made.digest()[:_KEY_ID]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_b64(bytes((self.algorithm,)) + self.public)}"

    @classmethod
    def parse(cls, line: str) -> VerifierKey:
        name, _, rest = line.strip().partition("+")
        given, _, body = rest.partition("+")
        raw = _unb64(body) if body else b""
        if not name or " " in name or len(raw) < 2:
            raise NoteError("验证公钥格式不符，应为“名称+编号+公钥”一行。")
        key = cls(name, raw[0], raw[1:])
        if key.id.hex() != given:
            raise NoteError("验证公钥的编号与内容不符，可能抄录有误。")
        return key

    def holds(self, text: bytes, signature: bytes) -> bool:
        check = VERIFIERS.get(self.algorithm)
        return check is not None and check(self.public, text, signature)


class Ed25519Signer:
    """A private key of 32 bytes held in memory."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._key = VerifierKey(name, ED25519, public)

    @property
    def key(self) -> VerifierKey:
        return self._key

    def sign(self, text: bytes) -> bytes:
        return self._private.sign(text)


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """``text`` ends with a line end; ``signatures`` as they stand, checked by nobody yet."""

    text: str
    signatures: tuple[Signature, ...]

    def signed_by(self, key: VerifierKey) -> bool:
        """Whether one of the signatures is this key's and holds."""
        return any(
            one.name == key.name and one.key_id == key.id and key.holds(self.text.encode(), one.value)
            for one in self.signatures
        )

    def with_signature(self, signer: Signer) -> Note:
        made = Signature(signer.key.name, signer.key.id, signer.sign(self.text.encode()))
        others = tuple(one for one in self.signatures if one.key_id != made.key_id or one.name != made.name)
        return Note(self.text, (*others, made))

    def __str__(self) -> str:
        lines = "".join(f"{_DASH}{one.name} {_b64(one.key_id + one.value)}\n" for one in self.signatures)
        return f"{self.text}\n{lines}"


def sign(text: str, signer: Signer) -> Note:
    if not text.endswith("\n") or "\n\n" in text:
        raise ValueError("the text of a note ends with a line end and has no empty line")
    return Note(text, ()).with_signature(signer)


def parse(note: str) -> Note:
    text, empty, rest = note.partition("\n\n")
    if not empty or not rest.endswith("\n"):
        raise NoteError("不是签名文本：缺少空行或签名。")
    found = []
    for line in rest.splitlines():
        name, _, body = line.removeprefix(_DASH).partition(" ")
        raw = _unb64(body) if line.startswith(_DASH) and body else b""
        if not name or len(raw) <= _KEY_ID:
            raise NoteError("签名行格式不符，可能抄录有误。")
        found.append(Signature(name, raw[:_KEY_ID], raw[_KEY_ID:]))
    return Note(text + "\n", tuple(found))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself at one moment: so many entries, this root, after that checkpoint.

    ``at`` is the database's time, UTC; ``previous`` the SHA-256 of the text of the checkpoint before, b"" for the first.
    """

    origin: str
    size: int
    root: bytes
    at: datetime
    previous: bytes = b""

    def text(self) -> str:
        moment = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        before = _b64(self.previous) if self.previous else "-"
        return f"{self.origin}\n{self.size}\n{_b64(self.root)}\ntime {moment}\nprevious {before}\n"

    def digest(self) -> bytes:
        """What the next checkpoint names as its ``previous``."""
        return hashlib.sha256(self.text().encode()).digest()

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        lines = text.splitlines()
        try:
            origin, size, root, time, previous = lines[:5]
            moment = datetime.strptime(time.removeprefix("time "), "%Y-%m-%dT%H:%M:%S.%fZ").replace(
                tzinfo=UTC
            )
            before = previous.removeprefix("previous ")
            made = cls(origin, int(size), _unb64(root), moment, b"" if before == "-" else _unb64(before))
        except ValueError:
            raise NoteError("检查点格式不符：应依次为来源、条数、根、时间、上一检查点。") from None
        if made.text() != text:
            raise NoteError("检查点格式不符：应依次为来源、条数、根、时间、上一检查点。")
        return made


def trusted(note: Note, keys: Iterable[VerifierKey]) -> Sequence[VerifierKey]:
    """Those of ``keys`` whose signature on the note holds."""
    return [key for key in keys if note.signed_by(key)]


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unb64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("签名或摘要不是完整的 Base64，可能抄录有误。") from None
