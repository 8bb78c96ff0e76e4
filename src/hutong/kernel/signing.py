"""Signatures over bytes: Ed25519, and SM2 with SM3 (GB/T 32918, GB/T 35276) through an adapter.

Public keys travel as base64 of SubjectPublicKeyInfo (DER), so that an algorithm names itself. SM2 has no library here that
is both permissive and maintained, so the adapter asks the system's OpenSSL; where that cannot do it, ``NotAvailable`` says so.
A crypto device registers its own provider under the same name.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519: Final = "ed25519"
SM2: Final = "sm2-sm3"
SM2_ID: Final = "1234567812345678"
"""The user identity that GM/T 0009 lays down where the parties agreed on none."""
_SM2_OID: Final = bytes.fromhex("06082a811ccf5501822d")


class KeyFormError(ValueError):
    """Not a public key we can use; the sentence is for whoever registers it."""


class NotAvailable(RuntimeError):
    """This installation cannot do the algorithm; the sentence says what is missing."""


class SignatureProvider(Protocol):
    """One algorithm, wherever it is computed."""

    @property
    def algorithm(self) -> str: ...

    def check_key(self, spki: bytes) -> None:
        """KeyFormError when the bytes are no public key of this algorithm."""

    def verify(self, spki: bytes, message: bytes, signature: bytes) -> bool:
        """Whether the signature holds; NotAvailable when that cannot be told here."""


class Ed25519Provider:
    """RFC 8032, by ``cryptography``."""

    algorithm = ED25519

    def _key(self, spki: bytes) -> Ed25519PublicKey:
        try:
            key = serialization.load_der_public_key(spki)
        except (ValueError, UnsupportedAlgorithm):
            raise KeyFormError("公钥不是有效的 Ed25519 公钥，请核对后重新粘贴。") from None
        if not isinstance(key, Ed25519PublicKey):
            raise KeyFormError("公钥不是 Ed25519 类型，请用 Ed25519 重新生成密钥对。")
        return key

    def check_key(self, spki: bytes) -> None:
        self._key(spki)

    def verify(self, spki: bytes, message: bytes, signature: bytes) -> bool:
        try:
            self._key(spki).verify(signature, message)
        except (InvalidSignature, KeyFormError):
            return False
        return True


class OpenSslSm2Provider:
    """SM2 by the ``openssl`` command: one process a verification, so for tens of requests a second, not thousands."""

    algorithm = SM2
    _SECONDS: Final = 10

    def __init__(self, command: str = "") -> None:
        self._command = command or shutil.which("openssl") or ""

    def available(self) -> bool:
        return bool(self._command) and _knows_sm2(self._command)

    def check_key(self, spki: bytes) -> None:
        if _SM2_OID not in spki[:40] or len(spki) != 91:
            raise KeyFormError("公钥不是有效的 SM2 公钥（SubjectPublicKeyInfo），请核对后重新粘贴。")

    def verify(self, spki: bytes, message: bytes, signature: bytes) -> bool:
        if not self.available():
            raise NotAvailable(
                "本系统未配置 SM2 密码模块，暂不能验证 SM2 签名。请改用 Ed25519，或联系系统管理员接入密码设备。"
            )
        try:
            self.check_key(spki)
        except KeyFormError:
            return False
        with tempfile.TemporaryDirectory() as folder:
            key, text, sign = (Path(folder) / name for name in ("key", "text", "sign"))
            key.write_bytes(spki)
            text.write_bytes(message)
            sign.write_bytes(signature)
            done = self._run(
                "-verify", "-pubin", "-keyform", "DER", "-inkey", key, "-in", text, "-sigfile", sign
            )
        return done.returncode == 0

    def _run(self, *arguments: str | os.PathLike[str]) -> subprocess.CompletedProcess[bytes]:
        options = ("-rawin", "-digest", "sm3", "-pkeyopt", f"distid:{SM2_ID}")
        return subprocess.run(
            [self._command, "pkeyutl", *arguments, *options],
            capture_output=True, check=False, timeout=self._SECONDS, stdin=subprocess.DEVNULL,
        )  # fmt: skip


@cache
def _knows_sm2(command: str) -> bool:
    try:
        done = subprocess.run(
            [command, "ecparam", "-name", "SM2", "-noout"], capture_output=True, check=False, timeout=10
        )
    except OSError:
        return False
    return done.returncode == 0


_providers: dict[str, SignatureProvider] = {ED25519: Ed25519Provider(), SM2: OpenSslSm2Provider()}


def register(provider: SignatureProvider) -> None:
    """Put a device's provider in the place of ours."""
    _providers[provider.algorithm] = provider


def provider(algorithm: str) -> SignatureProvider:
    """LookupError for an algorithm nobody provides."""
    return _providers[algorithm]


def read_public_key(text: str) -> tuple[str, str]:
    """(algorithm, base64 SPKI) of what somebody pasted: PEM, base64 DER, or 32 raw Ed25519 bytes in base64 or hex."""
    plain = "".join(line.strip() for line in text.strip().splitlines() if not line.startswith("-----"))
    if "PRIVATE" in text:
        raise KeyFormError("粘贴的是私钥。私钥只能由本单位保管，请粘贴公钥，并更换这对密钥。")
    try:
        raw = bytes.fromhex(plain) if len(plain) == 64 else base64.b64decode(plain, validate=True)
    except (ValueError, binascii.Error):
        raise KeyFormError("公钥不是 PEM、Base64 或十六进制格式，请重新复制完整的公钥。") from None
    if len(raw) == 32:
        raw = public_bytes(Ed25519PublicKey.from_public_bytes(raw))
    algorithm = SM2 if _SM2_OID in raw[:40] else ED25519
    provider(algorithm).check_key(raw)
    return algorithm, base64.b64encode(raw).decode()


def public_bytes(key: Ed25519PublicKey) -> bytes:
    """SubjectPublicKeyInfo in DER."""
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def private_pem(key: Ed25519PrivateKey) -> str:
    """PKCS 8 without a password, as it is shown once."""
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


def fingerprint(spki: str) -> str:
    """SHA-256 of a base64 public key in groups of four, to be read out over the telephone."""
    text = hashlib.sha256(base64.b64decode(spki)).hexdigest()[:32]
    return " ".join(text[at : at + 4] for at in range(0, 32, 4))
