"""Key files of those who sign: the log, a witness. Files only, so that a witness needs no database."""

from __future__ import annotations

import json
import os
from pathlib import Path

from hutong.kernel import notes


def load(path: Path, name: str) -> notes.Ed25519Signer:
    """The signer of a key file ``{"name", "seed", "earlier": [verifier keys]}``; made with mode 600 if absent."""
    if not path.exists():
        _make(path, name)
    try:
        stored = _read(path)
        return notes.Ed25519Signer(str(stored["name"]), bytes.fromhex(str(stored["seed"])))
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, notes.NoteError):
            raise
        # from None: the decoder's message may quote the file
        raise notes.NoteError(f"签名密钥文件“{path}”格式不符，应为含 name 与 seed 的 JSON。") from None


def earlier(path: Path) -> list[notes.VerifierKey]:
    """Keys this one replaced: signatures of theirs still count."""
    lines = _read(path).get("earlier", [])
    return [notes.VerifierKey.parse(str(line)) for line in lines] if isinstance(lines, list) else []


def _read(path: Path) -> dict[str, object]:
    if path.stat().st_mode & 0o077:
        raise notes.NoteError(f"签名密钥文件“{path}”对其他用户可读，请将权限改为 600 后重试。")
    stored: dict[str, object] = json.loads(path.read_text("utf-8"))
    return stored


def _make(path: Path, name: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"name": name, "seed": os.urandom(32).hex(), "earlier": []}, file)
    try:
        os.link(temporary, path)  # the first of two simultaneous starts wins
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
