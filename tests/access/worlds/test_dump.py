"""What somebody reads who walks away with a dump of the database (TM-08, ADR 0032; R-46.01)."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from hutong.config.postgres import _package
from hutong.foundation.access.models import COMPARTMENTS
from hutong.foundation.audit.tests.conftest import dba
from hutong.kernel import ids

from . import hidden
from .building import District, district

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{17}[\dXx]|\d{15})(?![0-9A-Za-z])")
PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?![0-9A-Za-z])")
ACCOUNT = re.compile("62284800999000")
HOME = re.compile("臧家巷")
"""Where the hidden children live, and nothing else is called so."""


def dumped(to: Path) -> str:
    """The whole database, as the operator of the server takes it."""
    with dba() as console:
        about = console.info
        where = ["-h", about.host, "-p", str(about.port), "-U", about.user, about.dbname]
        program = str(_package() / "pginstall18/bin/pg_dump")
        subprocess.run(
            [program, "-f", str(to), *where], check=True, env={"PGPASSWORD": about.password}, timeout=120
        )
    return to.read_text()


def cells(dump: str) -> Iterator[tuple[str, str]]:
    """(table.column, content) of every cell; bytes as the text they would be."""
    for block in re.finditer(r"^COPY public\.(\w+) \(([^)]*)\) FROM stdin;\n(.*?)^\\\.$", dump, re.M | re.S):
        columns = block[2].split(", ")
        for line in block[3].splitlines():
            for column, cell in zip(columns, line.split("\t"), strict=True):
                raw = bytes.fromhex(cell[3:]).decode(errors="ignore") if cell.startswith("\\\\x") else cell
                yield f"{block[1]}.{column}", raw


def clear(dump: str) -> dict[str, set[str]]:
    """Column → ID numbers, phones, homes and account numbers that stand in it for anybody to read."""
    found: dict[str, set[str]] = {}
    for column, cell in cells(dump):
        hits = {one[0] for one in NUMBER.finditer(cell) if ids.find(one[0])}
        hits |= {one[0] for pattern in (PHONE, HOME, ACCOUNT) for one in pattern.finditer(cell)}
        if hits:
            found.setdefault(column, set()).update(hits)
    return found


def filled(cast: SimpleNamespace) -> District:
    made = district(cast)
    for number, compartment in enumerate(COMPARTMENTS):
        hidden.sealed(replace(made.home, number=3 + number), compartment, made.keeper)
    hidden.of_place(made.far)
    hidden.of_place(made.near)
    hidden.facts_about(made.known, made.keeper, made.second)
    return made


def test_a_dump_holds_no_id_number_no_phone_and_no_home(
    cast: SimpleNamespace, tmp_path: Path, settings: object
) -> None:
    settings.UPLOADS = tmp_path / "uploads"  # type: ignore[attr-defined]
    filled(cast)
    dump = dumped(tmp_path / "dump.sql")
    tables = {column.partition(".")[0] for column, _ in cells(dump)}
    assert {"registry_child", "registry_person", "leads_lead", "exchange_batch", "audit_change"} <= tables
    assert len(tables) > 50
    assert clear(dump) == {}


def test_the_search_finds_what_stands_in_clear() -> None:
    """Else a dump with nothing in it proves nothing."""
    number = ids.make("500199", date(2014, 2, 1), 101)
    sealed = "\\\\x" + f"住臧家巷1号，{number}".encode().hex()
    dump = f"COPY public.made (id, words, held) FROM stdin;\n1\t电话 138 0000 1111\t{sealed}\n\\.\n"
    assert clear(dump) == {"made.words": {"138 0000 1111"}, "made.held": {"臧家巷", number}}
