"""Where things stand on this machine: the project root, ``var/``, and the secrets made for development."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any


def root() -> Path:
    """The checkout if we run from one, else the working directory."""
    checkout = Path(__file__).resolve().parents[3]
    return checkout if (checkout / "pyproject.toml").exists() else Path.cwd()


def var() -> Path:
    """Everything the running system writes: database, uploads, secrets, logs. ``HUTONG_VAR`` moves it."""
    path = Path(os.environ.get("HUTONG_VAR") or root() / "var").resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def given(name: str) -> str:
    """A setting that may be a secret: from the environment, else from the credentials systemd hands to the service
    (``LoadCredential=``), which no other process of the same user sees in ``/proc``."""
    value = os.environ.get(name, "")
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    if not value and folder and (file := Path(folder) / name).is_file():
        value = file.read_text("utf-8").strip()
    return value


def key_file() -> str:
    """Path of the file with the field keys: named, or handed over as the credential ``keys.json``."""
    return credential("HUTONG_KEY_FILE", "keys.json")


def credential(name: str, handed: str) -> str:
    """Path of a file with secrets: named by a variable, else the credential ``handed``; '' where there is none."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    path = Path(folder) / handed
    return os.environ.get(name) or (str(path) if folder and path.is_file() else "")


def development_secrets() -> dict[str, Any]:
    """Secrets of a development machine, made once, readable by the owner only. Never used when DEBUG is off."""
    path = var() / "secrets.json"
    if not path.exists():
        made = {name: secrets.token_urlsafe(32) for name in ("secret_key", "postgres", "owner", "web")}
        made["master_key"] = secrets.token_hex(32)
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.touch(mode=0o600)
        temporary.write_text(json.dumps(made))
        try:
            os.link(temporary, path)  # the first of two simultaneous starts wins
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded
