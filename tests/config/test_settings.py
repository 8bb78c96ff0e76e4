"""Production is refused what belongs to development (issue A.3; SECURITY.md)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROBE = "from hutong.config import settings; d = settings.DATABASES['default']; print(d['USER'], d['HOST'], d['PORT'], d['NAME'])"
SECRETS = {"HUTONG_SECRET_KEY": "x" * 50, "HUTONG_MASTER_KEY": "ab" * 32}


def _settings(probe: str = PROBE, /, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("HUTONG_", "DATABASE_"))}
    return subprocess.run(
        [sys.executable, "-c", probe], env=clean | environment, capture_output=True, text=True, check=False
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


def test_the_web_roles_own_login_is_taken_as_it_is() -> None:
    """A web server on a real machine is never told the owner's password."""
    url = "postgresql://hutong_web:p@db.example/kids"
    assert _settings(DATABASE_URL=url).stdout.strip() == "hutong_web db.example  kids"
    refused = _settings(DATABASE_URL=url, HUTONG_DB_ROLE="owner")
    assert refused.returncode != 0
    assert "DATABASE_OWNER_URL" in refused.stderr


def test_options_of_the_connection_reach_the_driver() -> None:
    url = "postgresql://hutong_web:p@db.example/kids?sslmode=verify-full&sslrootcert=/etc/hutong/db-ca.crt"
    done = _settings(PROBE.replace("d['USER']", "d['OPTIONS']"), DATABASE_URL=url)
    assert "{'sslmode': 'verify-full', 'sslrootcert': '/etc/hutong/db-ca.crt'}" in done.stdout


def test_secrets_come_from_the_services_credentials(tmp_path: Path) -> None:
    handed = {
        "HUTONG_SECRET_KEY": "s" * 50,
        "DATABASE_URL": "postgresql://hutong_web:p@db.example/kids",
        "keys.json": "{}",
    }
    for name, value in handed.items():
        (tmp_path / name).write_text(value + "\n")
    probe = "from hutong.config import settings as s; print(s.SECRET_KEY, repr(s.MASTER_KEY), s.KEY_FILE, s.DATABASES['default']['USER'])"
    done = _settings(probe, HUTONG_DEBUG="0", CREDENTIALS_DIRECTORY=str(tmp_path))
    assert done.stdout.split() == ["s" * 50, "''", str(tmp_path / "keys.json"), "hutong_web"]


def test_one_proxy_is_believed_about_where_people_come_from() -> None:
    """Else all come from the proxy, and one guesser locks out everybody."""
    probe = "from hutong.config import settings as s; print(s.ALLAUTH_TRUSTED_PROXY_COUNT, s.SECURE_PROXY_SSL_HEADER)"
    assert _settings(probe).stdout.split() == ["0", "None"]
    assert _settings(probe, HUTONG_BEHIND_PROXY="1").stdout.startswith("1 ('HTTP_X_FORWARDED_PROTO'")
