"""``check --deploy`` finds what must not be in production, and nothing where all is well."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import CheckMessage

from hutong.foundation.access import checks
from hutong.foundation.access.models import COMPARTMENTS
from hutong.kernel import cipher


def ids(found: list[CheckMessage]) -> list[str | None]:
    return [one.id for one in found]


@pytest.fixture
def well(settings: Any, tmp_path: Path) -> Any:
    """An installation with nothing to say about it."""
    apart = {name: secrets.token_bytes(32) for name in COMPARTMENTS}
    path = tmp_path / "keys.json"
    cipher.write_key_file(path, {"k1": secrets.token_bytes(32)}, active="k1", token="k1", compartments=apart)
    settings.KEY_FILE, settings.STATIC_ROOT = str(path), tmp_path / "static"
    settings.UPLOADS, settings.AUDIT_KEY = tmp_path / "uploads", tmp_path / "signing.json"
    settings.UPLOADS.mkdir(mode=0o700)
    return settings


def test_nothing_is_said_where_all_is_well(well: Any) -> None:
    assert checks.keys_and_files(None) == []


def test_a_master_key_instead_of_a_file_is_told(well: Any) -> None:
    well.KEY_FILE = ""
    assert ids(checks.keys_and_files(None)) == ["hutong.W001"]


def test_a_key_file_open_to_others_is_an_error(well: Any, tmp_path: Path) -> None:
    (tmp_path / "keys.json").chmod(0o644)
    assert ids(checks.keys_and_files(None)) == ["hutong.E001"]


def test_a_missing_compartment_is_told_by_name(well: Any, tmp_path: Path) -> None:
    path = tmp_path / "fewer.json"
    cipher.write_key_file(path, {"k1": b"1" * 32}, active="k1", token="k1", compartments={"hiv": b"2" * 32})
    well.KEY_FILE = str(path)
    (told,) = checks.keys_and_files(None)
    assert (told.id, "abuse" in told.msg, "hiv" in told.msg) == ("hutong.W002", True, False)


def test_uploads_open_to_others_or_in_what_is_served_are_errors(well: Any) -> None:
    well.UPLOADS.chmod(0o755)
    well.STATIC_ROOT = well.UPLOADS.parent
    assert ids(checks.keys_and_files(None)) == ["hutong.E002", "hutong.E004"]


def test_the_login_is_looked_at_in_the_database(db: None) -> None:
    """The tests' web role owns nothing; their server commits without waiting, which is told."""
    found = ids(checks.database_login(None, databases=["default"]))
    assert "hutong.E011" not in found
    assert "hutong.W014" in found
