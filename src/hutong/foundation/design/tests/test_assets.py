"""The front end is built once, again when its sources change, and says in Chinese why it could not be."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from hutong.foundation.design import assets

FRONTEND = assets.SOURCES


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of ``frontend/`` with the libraries already installed."""
    if not (FRONTEND / "node_modules" / "built.txt").exists():
        pytest.skip("NOT RUN: the front end is not installed (make setup)")
    sources = tmp_path / "frontend"
    shutil.copytree(FRONTEND, sources, ignore=shutil.ignore_patterns("node_modules"))
    (sources / "node_modules").symlink_to(FRONTEND / "node_modules")
    monkeypatch.setattr(assets, "SOURCES", sources)
    monkeypatch.setattr(assets, "DESTINATION", tmp_path / "static")
    return tmp_path


def test_builds_when_stale_and_only_then(workshop: Path):
    assert assets.build()
    assert assets.is_fresh()
    assert not assets.build()
    served = {str(path.relative_to(workshop / "static")) for path in (workshop / "static").rglob("*.*")}
    assert {"hutong.css", "hutong.js", "print.css", "vendor/htmx.min.js", "vendor/echarts.min.js"} <= served
    (workshop / "static" / "old.css").write_text("")
    with (workshop / "frontend" / "src" / "hutong.css").open("a") as sheet:
        sheet.write("/* changed */")
    assert assets.build()
    assert "/* changed */" in (workshop / "static" / "hutong.css").read_text()
    assert not (workshop / "static" / "old.css").exists()


def test_an_installed_package_has_nothing_to_build(workshop: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(assets, "SOURCES", workshop / "nowhere")
    assert not assets.build(force=True)


def test_without_node_it_says_what_to_do(workshop: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(workshop))
    with pytest.raises(assets.AssetsError, match=r"需要 Node\.js"):
        assets.build()


def test_a_failing_step_is_told_with_its_reason(workshop: Path):
    (workshop / "frontend" / "build.mjs").write_text("throw new Error('disk full');")
    with pytest.raises(assets.AssetsError, match="disk full"):
        assets.build()
    assert not assets.is_fresh()


def test_the_lock_holds_hashes_and_no_addresses():
    text = (FRONTEND / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    assert all(package["integrity"].startswith("sha512-") for name, package in packages.items() if name)
    assert "://" not in text
    assert packages["node_modules/htmx.org"]["version"].startswith("2."), (
        "version 4 renames attributes and events"
    )
