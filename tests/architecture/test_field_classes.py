"""Every field has a class, and sensitive ones are opened only where the register says so (ADR 0032; R-46.01, TM-06, TM-08)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps

from hutong.config import field_classes
from hutong.foundation.accounts.rights import RIGHTS

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from architecture.opening import Words, in_python, in_routes, in_template  # noqa: E402

SRC = ROOT / "src" / "hutong"
REGISTER = field_classes.load()
WORDS = Words(
    clear=REGISTER.in_clear,
    columns={name for name in REGISTER.of_class("sensitive") if name.endswith("_sealed")},
    personal=REGISTER.only_of_people(),
)
NO_PERSONS = ("kernel", "linkage", "rulebook")
"""Storeys that know rows, not files: what comes in is given to them, and they keep nothing."""


OF_NOBODY = {"relation"}
"""Words like “mother”, beside a drawn name: whose they are does not stand there."""


def sources() -> Iterator[tuple[str, Path]]:
    for path in sorted([*SRC.rglob("*.py"), *SRC.rglob("*.html")]):
        name = path.relative_to(SRC)
        if not {"tests", "migrations"} & set(name.parts) and name.parts[0] not in NO_PERSONS:
            yield str(name), path


def found(name: str, text: str) -> list[tuple[str, str]]:
    return list((in_template if name.endswith(".html") else in_python)(text, WORDS))


def test_every_field_of_every_table_has_one_class() -> None:
    assert list(field_classes.unclassified(REGISTER, field_classes.fields())) == []


def test_what_is_missing_wrong_or_gone_is_named() -> None:
    known = field_classes.fields()
    tables = dict(REGISTER.tables)
    tables["network.OrgAlias"] = {
        "service": ["id", "org"],
        "secret": ["name"],
        "personal": ["nickname", "id"],
    }
    del tables["registry.Gram"]
    said = set(field_classes.unclassified(replace(REGISTER, tables=tables), known))
    assert said == {
        "network.OrgAlias.nickname is classed but does not exist",
        "network.OrgAlias.id is classed twice",
        "network.OrgAlias: no class called secret",
        *(f"registry.Gram.{name} has no class" for name in ("id", "gram", "area_code", "child_id")),
    } - (
        {"registry.Gram.id has no class"}
        - {f"registry.Gram.{name} has no class" for name in known["registry.Gram"]}
    )


def test_sensitive_fields_are_kept_sealed_or_as_digests() -> None:
    """What could be read is a ciphertext (bytes) or made so by the library that keeps it; what finds is a keyed token."""
    by_library = {"password", "session_key", "session_data", "data", "key"}
    closed = {
        "socialaccount.SocialApp",
        "socialaccount.SocialToken",
    }  # to the web role (access 0008): always empty
    wrong = [
        f"{table}.{name}"
        for table, rows in REGISTER.tables.items()
        if table not in closed
        for name in rows.get("sensitive", ())
        for field in [apps.get_model(table)._meta.get_field(name)]
        if field.get_internal_type() != "BinaryField"
        and not name.endswith("_token")
        and name not in by_library
    ]
    assert wrong == []
    facts = [
        apps.get_model(table)._meta.get_field("body")
        for table, rows in REGISTER.tables.items()
        if "body" in rows.get("sealed", ())
    ]
    assert len(facts) == 6
    assert {field.get_internal_type() for field in facts} == {"BinaryField"}


def test_sensitive_fields_are_opened_where_the_register_says_and_nowhere_else() -> None:
    opened: dict[str, set[str]] = {}
    carried = []
    for name, path in sources():
        for what, how in found(name, path.read_text()):
            if how:
                carried.append(f"{name}: {what} goes into {how}")
            else:
                opened.setdefault(name, set()).add(what)
    assert carried == []
    assert opened == {name: set(one.names) for name, one in REGISTER.opens.items()}


def test_every_opening_names_a_right_that_exists_or_says_why_nobody_sees_it() -> None:
    for name, one in REGISTER.opens.items():
        assert one.rights <= RIGHTS.keys() or (one.rights == {"none"} and len(one.why) > 20), name


def test_no_address_has_a_part_that_tells_about_a_person(routes: Callable[[], list[str]]) -> None:
    hits = [hit for pattern in routes() for hit in in_routes(pattern, WORDS)]
    assert [hit for hit in hits if hit[0] not in OF_NOBODY] == []


@pytest.fixture
def routes() -> Callable[[], list[str]]:
    from access.walking import walk

    return lambda: [route.pattern for route in walk()]


PLANTED_PYTHON = {
    'def row(child):\n    return {"证件": child.id_number}': ("id_number", ""),
    "def f(one):\n    return vault.open(one.x, *PLACE)": ("vault.open", ""),
    'rows.values("public_id", "phone_sealed")': ("phone_sealed", ""),
    'SQL = "SELECT k.address_sealed FROM registry_child AS k"': ("address_sealed", ""),
    "class Row(Schema):\n    name: str\n    id_number: str": ("id_number", ""),
    'log.warning("no match for %s", child.name)': ("child.name", "a log"),
    'logger.info(f"born {one.birth_date}")': ("birth_date", "a log"),
    "print(person.phone)": ("phone", "a log"),
    'reverse("registry:find", args=[child.id_number])': ("id_number", "an address"),
    'redirect(f"/children/?q={child.name}")': ("child.name", "an address"),
    'urlencode({"born": child.birth_date})': ("birth_date", "an address"),
    "cache.set(key, child.address, 60)": ("address", "a cache"),
    'request.session["last"] = child.name': ("child.name", "a cache"),
    "@lru_cache\ndef shown(child): ...": ("child", "a cache"),
    "@cache\ndef shown(one: Child): ...": ("one", "a cache"),
}
PLANTED_TEMPLATES = {
    "<td>{{ one.phone }}</td>": ("phone", ""),
    '<td>{{ one["id_number"] }}</td>': ("id_number", ""),
    "{% if kid.address %}有{% endif %}": ("address", ""),
    '<a href="/children/?q={{ child.name }}">': ("child.name", "an address"),
    '<a class="x" hx-get="/x/?born={{ row.birth_date|date }}">': ("birth_date", "an address"),
    '<form method="get"><input name="phone"></form>': ("phone", "an address"),
}


@pytest.mark.parametrize("text", PLANTED_PYTHON)
def test_what_is_planted_in_code_is_found(text: str) -> None:
    assert PLANTED_PYTHON[text] in found("planted.py", text)


@pytest.mark.parametrize("text", PLANTED_TEMPLATES)
def test_what_is_planted_in_templates_is_found(text: str) -> None:
    assert PLANTED_TEMPLATES[text] in found("planted.html", text)


def test_a_planted_route_is_found() -> None:
    assert list(in_routes("children/<str:id_number>/<slug:public_id>/", WORDS)) == [
        ("id_number", "an address")
    ]


def test_ordinary_code_is_left_alone() -> None:
    text = 'log.info("%s", handler.name)\nreverse("registry:child", args=[child.public_id])\ncache.set(key, area.name)\n'
    assert found("plain.py", text) == []
    assert (
        found("plain.html", '<a href="{{ url("registry:child", child.public_id) }}">{{ child.name }}</a>')
        == []
    )
