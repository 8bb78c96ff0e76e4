"""HTTP message signatures (RFC 9421) and content digests (RFC 9530): what is signed, written down to the byte.

Only requests, and only the components a request has by itself: derived ones without parameters, and header fields. Making
and checking the signature over the base is ``signing``'s.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from hutong.kernel import structured
from hutong.kernel.structured import FieldError, InnerList, Item

DERIVED: Final = ("@method", "@authority", "@scheme", "@target-uri", "@request-target", "@path", "@query")
_PARAMS: Final = {"created": int, "expires": int, "nonce": str, "alg": str, "keyid": str, "tag": str}


class SignatureError(ValueError):
    """The signature cannot be read or says something impossible. ``code`` names which, for the answer to the sender."""

    def __init__(self, code: str, told: str = "") -> None:
        super().__init__(told or code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Message:
    """A request as signatures see it. ``headers``: lower-case name → value; several of one name joined by ', '."""

    method: str
    authority: str
    path: str
    query: str = ""
    scheme: str = "https"
    headers: Mapping[str, str] = field(default_factory=dict)

    def component(self, name: str) -> str:
        """The value that stands in the signature base; SignatureError for one the message does not have."""
        derived = {
            "@method": self.method,
            "@authority": self.authority.lower(),
            "@scheme": self.scheme.lower(),
            "@target-uri": f"{self.scheme.lower()}://{self.authority.lower()}{self.path}{self._query}",
            "@request-target": f"{self.path}{self._query}",
            "@path": self.path or "/",
            "@query": f"?{self.query}",
        }
        if name in derived:
            return derived[name]
        if name.startswith("@") or name not in self.headers:
            raise SignatureError("component", name)
        return self.headers[name].strip()

    @property
    def _query(self) -> str:
        return f"?{self.query}" if self.query else ""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a message: its label, what it covers, its parameters, the bytes."""

    label: str
    covered: InnerList
    value: bytes

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(str(item.value) for item in self.covered.items)

    @property
    def keyid(self) -> str:
        return str(self.covered.params.get("keyid", ""))

    @property
    def tag(self) -> str:
        return str(self.covered.params.get("tag", ""))

    @property
    def nonce(self) -> str:
        return str(self.covered.params.get("nonce", ""))

    @property
    def algorithm(self) -> str:
        return str(self.covered.params.get("alg", ""))

    @property
    def created(self) -> int:
        return _integer(self.covered, "created")

    @property
    def expires(self) -> int | None:
        return _integer(self.covered, "expires") if "expires" in self.covered.params else None


def _integer(covered: InnerList, name: str) -> int:
    value = covered.params.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise SignatureError(name)
    return value


def read(headers: Mapping[str, str], tag: str | None) -> Signature:
    """The one signature made for ``tag``; SignatureError ``missing``, ``form`` or ``several``."""
    if "signature-input" not in headers or "signature" not in headers:
        raise SignatureError("missing")
    try:
        inputs = structured.dictionary(headers["signature-input"])
        values = structured.dictionary(headers["signature"])
    except FieldError as error:
        raise SignatureError("form", str(error)) from None
    mine = [label for label, one in inputs.items() if one.params.get("tag") == tag]
    if not mine:
        raise SignatureError("tag")
    if len(mine) > 1:
        raise SignatureError("several")
    covered, value = inputs[mine[0]], values.get(mine[0])
    if (
        not isinstance(covered, InnerList)
        or not isinstance(value, Item)
        or not isinstance(value.value, bytes)
    ):
        raise SignatureError("form")
    _check(covered)
    return Signature(mine[0], covered, value.value)


def _check(covered: InnerList) -> None:
    names = [item.value for item in covered.items]
    if len(set(names)) != len(names) or any(item.params for item in covered.items):
        raise SignatureError("form", "a component twice, or with parameters")
    if any(not isinstance(name, str) or name != str(name).lower() for name in names):
        raise SignatureError("form", "component names are lower-case strings")
    for name, value in covered.params.items():
        kind = _PARAMS.get(name)
        if kind is None or not isinstance(value, kind) or isinstance(value, bool):
            raise SignatureError("form", f"parameter {name}")


def base(message: Message, covered: InnerList) -> bytes:
    """The signature base of RFC 9421 §2.5."""
    lines = []
    for item in covered.items:
        name = str(item.value)
        value = message.component(name)
        if "\n" in value or "\r" in value:
            raise SignatureError("form", "line break in a component")
        lines.append(f"{structured.serialise(name)}: {value}")
    lines.append(f'"@signature-params": {structured.inner_list(covered)}')
    text = "\n".join(lines)
    if not text.isascii():
        raise SignatureError("form", "a component is not ASCII")
    return text.encode()


def covering(*names: str, **parameters: str | int) -> InnerList:
    """What a signer covers: component names, then ``created``, ``nonce``, ``keyid``, ``alg``, ``tag`` … in the order given."""
    return InnerList(tuple(Item(name) for name in names), dict(parameters))


def headers_for(label: str, covered: InnerList, value: bytes) -> dict[str, str]:
    """The two header fields that carry a signature."""
    return {
        "Signature-Input": f"{label}={structured.inner_list(covered)}",
        "Signature": f"{label}={structured.serialise(value)}",
    }


def digest_header(content: bytes) -> str:
    """``Content-Digest`` of RFC 9530 with sha-256."""
    return f"sha-256={structured.serialise(hashlib.sha256(content).digest())}"


def digest_matches(header: str, sha256: bytes) -> bool:
    """Whether a ``Content-Digest`` header names this sha-256; SignatureError ``digest`` when it names none."""
    try:
        member = structured.dictionary(header).get("sha-256")
    except FieldError:
        raise SignatureError("digest") from None
    if not isinstance(member, Item) or not isinstance(member.value, bytes) or len(member.value) != 32:
        raise SignatureError("digest")
    return hmac.compare_digest(member.value, sha256)
