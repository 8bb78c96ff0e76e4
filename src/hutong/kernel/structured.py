"""Structured field values (RFC 8941), the part that signatures and digests need: dictionaries, inner lists, parameters.

Strict where the RFC is: what does not parse to the last character is an error, because two readings of one header are a
way around a signature.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Final

Bare = str | int | bool | bytes
"""A bare item: string, integer, boolean or byte sequence. A token comes as ``Token``."""
_KEY: Final = re.compile(r"[a-z*][a-z0-9_\-.*]*")
_INTEGER: Final = re.compile(r"-?\d{1,15}(?![\d.])")
_TOKEN: Final = re.compile(r"[A-Za-z*][A-Za-z0-9!#$%&'*+\-.^_`|~:/]*")
_BYTES: Final = re.compile(r":([A-Za-z0-9+/]*={0,2}):")
_LONGEST: Final = 8192


class FieldError(ValueError):
    """Not a structured field; the text is for the log, not for users."""


class Token(str):
    """A word without quotation marks."""


@dataclass(frozen=True, slots=True)
class Item:
    value: Bare
    params: dict[str, Bare] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InnerList:
    items: tuple[Item, ...]
    params: dict[str, Bare] = field(default_factory=dict)


Member = Item | InnerList


def dictionary(text: str) -> dict[str, Member]:
    """Members in order; a name that stands twice is an error here, although the RFC would take the last."""
    if len(text) > _LONGEST or not text.isascii():
        raise FieldError("too long, or not ASCII")
    return _Reader(text.strip(" ")).dictionary()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def dictionary(self) -> dict[str, Member]:
        found: dict[str, Member] = {}
        while self._at < len(self._text):
            key = self._match(_KEY)
            if key in found:
                raise FieldError(f"{key} twice")
            found[key] = self._member() if self._skip("=") else Item(True, self._params())
            self._blank()
            if self._at == len(self._text):
                break
            if not self._skip(","):
                raise FieldError(f"no comma at {self._at}")
            self._blank()
            if self._at == len(self._text):
                raise FieldError("comma at the end")
        return found

    def _member(self) -> Member:
        if not self._skip("("):
            return self._item()
        items: list[Item] = []
        while True:
            self._blank()
            if self._skip(")"):
                return InnerList(tuple(items), self._params())
            if items and self._text[self._at - 1] != " ":
                raise FieldError("items of an inner list need a space between them")
            items.append(self._item())

    def _item(self) -> Item:
        return Item(self._bare(), self._params())

    def _params(self) -> dict[str, Bare]:
        found: dict[str, Bare] = {}
        while self._skip(";"):
            self._blank()
            key = self._match(_KEY)
            if key in found:
                raise FieldError(f"parameter {key} twice")
            found[key] = self._bare() if self._skip("=") else True
        return found

    def _bare(self) -> Bare:
        here = self._text[self._at : self._at + 1]
        if here == '"':
            return self._string()
        if here == ":":
            return self._bytes()
        if here == "?":
            return self._boolean()
        if here == "-" or here.isdigit():
            return int(self._match(_INTEGER))
        return Token(self._match(_TOKEN))

    def _string(self) -> str:
        at = self._at + 1
        out: list[str] = []
        while at < len(self._text):
            char = self._text[at]
            if char == '"':
                self._at = at + 1
                return "".join(out)
            if char == "\\":
                at += 1
                char = self._text[at : at + 1]
                if char not in ('"', "\\"):
                    raise FieldError("bad escape")
            elif not " " <= char <= "~":
                raise FieldError("bad character in a string")
            out.append(char)
            at += 1
        raise FieldError("string without end")

    def _bytes(self) -> bytes:
        found = _BYTES.match(self._text, self._at)
        if found is None:
            raise FieldError("bad byte sequence")
        self._at = found.end()
        try:
            return base64.b64decode(found[1], validate=True)
        except binascii.Error:
            raise FieldError("bad base64") from None

    def _boolean(self) -> bool:
        word = self._text[self._at : self._at + 2]
        if word not in ("?0", "?1"):
            raise FieldError("bad boolean")
        self._at += 2
        return word == "?1"

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise FieldError(f"nothing readable at {self._at}")
        self._at = found.end()
        return found[0]

    def _skip(self, char: str) -> bool:
        if self._text.startswith(char, self._at):
            self._at += 1
            return True
        return False

    def _blank(self) -> None:
        while self._text[self._at : self._at + 1] in (" ", "\t"):
            self._at += 1


def serialise(value: Bare) -> str:
    """A bare item as the RFC writes it."""
    if isinstance(value, bool):
        return "?1" if value else "?0"
    if isinstance(value, bytes):
        return f":{base64.b64encode(value).decode()}:"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Token):
        return str(value)
    if not all(" " <= char <= "~" for char in value):
        raise FieldError("a string holds printable ASCII only")
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def params(values: dict[str, Bare]) -> str:
    return "".join(
        f";{name}" if value is True else f";{name}={serialise(value)}" for name, value in values.items()
    )


def inner_list(member: InnerList) -> str:
    items = " ".join(serialise(item.value) + params(item.params) for item in member.items)
    return f"({items}){params(member.params)}"
