"""Production is refused what belongs to development (issue A.3; SECURITY.md)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROBE = "from hutong.config import settings; d = settings.DATABASES['default']; print(d['USER'], d['HOST'], d['PORT'], d['NAME'])"
SECRETS = {"HUTONG_SECRET_KEY": "x" * 50, "HUTONG_MASTER_KEY": "ab" * 32}


def _settings(**environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("HUTONG_", "DATABASE_"))}
    return subprocess.run(
        [sys.executable, "-c", PROBE], env=clean | environment, capture_output=True, text=True, check=False
    )


def test_the_embedded_database_is_refused_when_debug_is_off() -> None:
    done = _settings(HUTONG_DEBUG="0", **SECRETS)
    assert done.returncode != 0
    assert "内置数据库只用于演示和开发" in done.stderr


@pytest.mark.parametrize("missing", ["HUTONG_SECRET_KEY", "HUTONG_MASTER_KEY"])
def test_production_needs_its_own_secrets(missing: str) -> None:
    given = {name: value for name, value in SECRETS.items() if name != missing}
    done = _settings(HUTONG_DEBUG="0", DATABASE_URL="postgresql://o:p@db.example/h", **given)
    assert done.returncode != 0
    assert missing in done.stderr


def test_only_postgresql_is_taken() -> None:
    done = _settings(DATABASE_URL="mysql://o:p@db.example/h")
    assert "只支持 postgresql" in done.stderr


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"DATABASE_URL": "postgresql://boss:p@db.example:6000/kids"}, "hutong_web db.example 6000 kids"),
        (
            {"DATABASE_URL": "postgresql://boss:p@db.example/kids", "HUTONG_DB_ROLE": "owner"},
            "boss db.example  kids",
        ),
        (
            {
                "DATABASE_URL": "postgresql://web:p@db.example/kids",
                "DATABASE_OWNER_URL": "postgresql://boss:p@db.example/kids",
            },
            "web db.example  kids",
        ),
    ],
)
def test_which_login_a_process_uses(environment: dict[str, str], expected: str) -> None:
    assert _settings(**environment).stdout.strip() == expected
