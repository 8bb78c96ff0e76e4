"""Field encryption and keyed tokens.

A sealed field is bytes: ``version(1) algorithm(1) key-id-length(1) key-id nonce(12) ciphertext+tag(16)``. Everything in
front of the nonce, and the table, row and column the value belongs to, are authenticated: a ciphertext copied to another
place does not open. The key version is in the header, so old rows open after a new key becomes active.

Tokens find a value without opening anything: HMAC under a key of their own. A plain hash of an ID number is reversed for
a whole county within seconds, a keyed one is not. Tokens stay on ``token_key_id``, which changes only when all tokens
are rebuilt, whereas ``active_key_id`` may change any day.
"""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Algorithm = Literal["SM4-GCM", "AES-GCM"]
Digest = Literal["SM3", "SHA-256"]

_VERSION: Final = 1
_NONCE: Final = 12
_TAG: Final = 16
_CODES: Final[dict[Algorithm, int]] = {"AES-GCM": 1, "SM4-GCM": 2}
_NAMES: Final = {code: name for name, code in _CODES.items()}
_KEY_BYTES: Final = 32
# SM4 has 128-bit keys only; AES takes the whole 256 bits.
_CIPHER_BYTES: Final[dict[Algorithm, int]] = {"AES-GCM": 32, "SM4-GCM": 16}


class CipherError(Exception):
    """A field that does not open, or a key that is missing; the text is Chinese and holds no content."""


class KeyProvider(Protocol):
    """Where keys come from: a file, a key service, a crypto device."""

    @property
    def active_key_id(self) -> str:
        """The version new fields are sealed with."""

    @property
    def token_key_id(self) -> str:
        """The version all tokens are made with."""

    def key(self, key_id: str, purpose: str) -> bytes:
        """32 bytes for one purpose, independent of those of every other purpose; CipherError if unknown."""

    def compartment(self, name: str) -> KeyProvider:
        """The keys of one sealed compartment, independent of all others; CipherError if this installation has none."""


class DerivedKeyProvider:
    """One version, 'dev', derived from a master secret. For development, tests and the demonstration."""

    def __init__(self, master: bytes) -> None:
        if len(master) < 16:
            raise CipherError("主密钥过短，至少需要 16 字节。")
        self._master = master

    @property
    def active_key_id(self) -> str:
        return "dev"

    @property
    def token_key_id(self) -> str:
        return "dev"

    def key(self, key_id: str, purpose: str) -> bytes:
        if key_id != "dev":
            raise CipherError(f"找不到密钥版本“{key_id}”，请检查密钥配置。")
        return _derive(self._master, purpose)

    def compartment(self, name: str) -> DerivedKeyProvider:
        return DerivedKeyProvider(_derive(self._master, f"compartment:{name}"))


class _Versions:
    """Some versions of one master key, which is active, and which makes the tokens."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        try:
            self._keys = {str(name): bytes.fromhex(value) for name, value in content["keys"].items()}
            self._active = str(content["active"])
        except (ValueError, KeyError, TypeError, AttributeError):
            # from None: the decoder's message may quote the file
            raise CipherError(
                "密钥文件格式不符，应为含 active 与 keys 的 JSON，密钥为 64 位十六进制。"
            ) from None
        self._token = str(content.get("token", self._active))
        if "token" not in content and len(self._keys) > 1:
            raise CipherError("密钥文件有多个版本但未写明 token，检索令牌将无法与已有数据对应，请补上。")
        self._check()

    def _check(self) -> None:
        if missing := {self._active, self._token} - self._keys.keys():
            raise CipherError(f"密钥文件缺少版本：{'、'.join(sorted(missing))}。")
        if bad := sorted(name for name, key in self._keys.items() if len(key) != _KEY_BYTES):
            raise CipherError(f"密钥应为 32 字节（64 位十六进制），不符的版本：{'、'.join(bad)}。")
        if bad := sorted(name for name in self._keys if not 0 < len(name.encode()) <= 255):
            raise CipherError("密钥版本名应为 1 至 255 字节。")

    @property
    def active_key_id(self) -> str:
        return self._active

    @property
    def token_key_id(self) -> str:
        return self._token

    def key(self, key_id: str, purpose: str) -> bytes:
        master = self._keys.get(key_id)
        if master is None:
            raise CipherError(f"找不到密钥版本“{key_id}”，请检查密钥文件是否保留了历史版本。")
        return _derive(master, purpose)

    def compartment(self, name: str) -> KeyProvider:
        raise CipherError("专管密钥之内不再分专管密钥。")


class FileKeyProvider(_Versions):
    """Versions in a JSON file: ``{"active": "k2", "token": "k1", "keys": {"k1": "<64 hex>", "k2": "<64 hex>"}}``.

    ``token`` may be left out while there is one key. ``"compartments": {name: {…the same…}}`` holds the keys of sealed
    compartments: a machine whose file lacks one works without it and cannot open that compartment. The file must not be
    readable by others.
    """

    def __init__(self, path: Path) -> None:
        try:
            if path.stat().st_mode & 0o077:
                raise CipherError("密钥文件对其他用户可读，请将权限改为 600 后重试。")
            content = json.loads(path.read_text("utf-8"))
        except OSError as error:
            raise CipherError("密钥文件无法读取，请检查路径和权限。") from error
        except ValueError:
            content = None
        super().__init__(content if isinstance(content, dict) else {})
        apart = content.get("compartments", {})
        self._apart = {str(name): _Versions(one) for name, one in apart.items()}

    def compartment(self, name: str) -> KeyProvider:
        if name not in self._apart:
            raise CipherError("本机没有配置这一类专管资料的密钥，无法打开或写入。请联系系统管理员。")
        return self._apart[name]


def write_key_file(
    path: Path,
    keys: Mapping[str, bytes],
    *,
    active: str,
    token: str,
    compartments: Mapping[str, bytes] | None = None,
) -> None:
    """Write a key file readable by its owner only; refuses to overwrite, for a lost key is lost data.

    ``compartments``: the first key of each sealed compartment, by the compartment's name.
    """
    content: dict[str, Any] = {
        "active": active,
        "token": token,
        "keys": {name: key.hex() for name, key in keys.items()},
    }
    if compartments:
        content["compartments"] = {
            name: {"active": "c1", "keys": {"c1": key.hex()}} for name, key in compartments.items()
        }
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)


def seal(
    plaintext: str,
    *,
    table: str,
    row: object,
    column: str,
    keys: KeyProvider,
    algorithm: Algorithm = "SM4-GCM",
) -> bytes:
    """Encrypt one field for one place. ``row`` is the row's key, known before the row is written."""
    key_id = keys.active_key_id.encode()
    header = bytes((_VERSION, _CODES[algorithm], len(key_id))) + key_id
    nonce = os.urandom(_NONCE)
    encryptor = _cipher(keys.key(keys.active_key_id, f"seal:{algorithm}"), algorithm, nonce).encryptor()
    encryptor.authenticate_additional_data(_place(header, table, row, column))
    return header + nonce + encryptor.update(plaintext.encode()) + encryptor.finalize() + encryptor.tag


def unseal(sealed: bytes | memoryview, *, table: str, row: object, column: str, keys: KeyProvider) -> str:
    """The plaintext; CipherError if it was changed, belongs elsewhere, or its key is gone."""
    blob = bytes(sealed)
    header, key_id, algorithm, body = _split(blob)
    nonce, text, tag = body[:_NONCE], body[_NONCE:-_TAG], body[-_TAG:]
    decryptor = _cipher(keys.key(key_id, f"seal:{algorithm}"), algorithm, nonce, tag).decryptor()
    decryptor.authenticate_additional_data(_place(header, table, row, column))
    try:
        return (decryptor.update(text) + decryptor.finalize()).decode()
    except InvalidTag:
        raise CipherError(
            "加密字段无法打开：内容被改动、被移到别处，或密钥不符。请联系系统管理员核查。"
        ) from None


def key_id_of(sealed: bytes | memoryview) -> str:
    """The key version a field was sealed with, for re-sealing after a key change."""
    return _split(bytes(sealed))[1]


def token(value: str, *, purpose: str, keys: KeyProvider, digest: Digest | None = None) -> str:
    """64 lower-case hex digits, the same for one value in any width or letter case; '' is refused.

    Normalise the value first (``ids.normalise``). Different purposes give unrelated tokens.
    """
    plain = unicodedata.normalize("NFKC", value).strip().upper()
    if not plain:
        raise CipherError("空值不能生成检索令牌。")
    chosen = digest or TOKEN_DIGEST
    mac = hmac.HMAC(keys.key(keys.token_key_id, f"token:{chosen}:{purpose}"), _HASHES[chosen]())
    mac.update(plain.encode())
    return mac.finalize().hex()


def _split(blob: bytes) -> tuple[bytes, str, Algorithm, bytes]:
    end = 3 + blob[2] if len(blob) > 3 else 0
    if not end or len(blob) < end + _NONCE + _TAG or blob[0] != _VERSION or blob[1] not in _NAMES:
        raise CipherError("加密字段格式无法识别，可能已损坏。请联系系统管理员核查。")
    try:
        key_id = blob[3:end].decode()
    except UnicodeDecodeError:
        raise CipherError("加密字段格式无法识别，可能已损坏。请联系系统管理员核查。") from None
    return blob[:end], key_id, _NAMES[blob[1]], blob[end:]


def _cipher(key: bytes, algorithm: Algorithm, nonce: bytes, tag: bytes | None = None) -> Cipher[modes.GCM]:
    short = key[: _CIPHER_BYTES[algorithm]]
    block = algorithms.AES(short) if algorithm == "AES-GCM" else algorithms.SM4(short)
    return Cipher(block, modes.GCM(nonce, tag))


def _place(header: bytes, table: str, row: object, column: str) -> bytes:
    # Lengths in front: ("ab", "c") and ("a", "bc") must not be the same place.
    parts = [header, *(str(part).encode() for part in (table, row, column))]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


@lru_cache(maxsize=256)
def _derive(master: bytes, purpose: str) -> bytes:
    kdf = HKDF(algorithm=hashes.SHA256(), length=_KEY_BYTES, salt=b"hutong", info=purpose.encode())
    return kdf.derive(master)


_HASHES: Final[dict[Digest, type[hashes.HashAlgorithm]]] = {"SM3": hashes.SM3, "SHA-256": hashes.SHA256}


def _available_digest() -> Digest:
    try:
        hmac.HMAC(b"probe", hashes.SM3())
    except UnsupportedAlgorithm:  # pragma: no cover - depends on how OpenSSL was built
        return "SHA-256"
    return "SM3"


TOKEN_DIGEST: Final[Digest] = _available_digest()
"""SM3 wherever OpenSSL has it. Machines sharing a database must agree: the installation check compares it."""
