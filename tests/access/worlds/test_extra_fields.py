"""Mass assignment and enumeration over the whole route table (TM-13).

Every form that any holder of a right is shown is sent twice: as it is, and with every field of every model beside its own. What
is written must be the same both times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.urls import Resolver404, resolve

from hutong.delivery.api.routes import CODE, ID
from hutong.foundation.access.scope import system_scope, use_scope

from ..walking import walk
from . import asking, hidden
from .building import District, district, sequences, set_back
from .dice import Dice
from .forms import Form, Forms

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MEMBERS = ("director", "supervisor", "county", "security", "sysadmin")
OWN_NUMBER = {"usersessions_end"}
"""Running numbers of one's own sessions; another person's is not found."""


def test_no_address_counts_things() -> None:
    """Whatever is named in an address is named by chance (80 bits or more), a code or a word: never by a running number."""
    counting = [
        route.name
        for route in walk()
        if route.name not in OWN_NUMBER and route.ours and _counts(route.pattern)
    ]  # fmt: skip
    assert counting == []


def _counts(pattern: str) -> bool:
    """Whether the first name in the pattern may be a number; what is below a drawn name may be numbered (pieces of a parcel)."""
    named = re.findall(r"\(\?P<\w+>([^)]*)\)", pattern)
    drawn = not named or named[0] in (ID, CODE)
    return not drawn or bool(re.search(r"<int:|<path:|<pk>", pattern))


def test_public_ids_are_drawn_and_long() -> None:
    drawn = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if getattr(field, "name", "") == "public_id" and model.__module__.startswith("hutong."):
                one, other = (model._meta.get_field("public_id").get_default() for _ in range(2))
                drawn.append((model.__name__, one != other, len(str(one)) >= 16, field.unique))
    assert len(drawn) > 12
    assert [line for line in drawn if not all(line[1:])] == []


def extras() -> dict[str, str]:
    """A value for every field of every model, and a few words frameworks listen to."""
    found = {
        "actor": "1",
        "scope": "0",
        "sealed": "hiv",
        "is_active": "on",
        "lo": "0",
        "hi": "9",
        "_method": "DELETE",
    }
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            for name in {field.name, field.attname}:
                found.setdefault(name, _value(field))
    return found


def _value(field: Any) -> str:
    if field.choices and not isinstance(field, models.IntegerField):
        return str(list(dict(field.flatchoices))[-1])
    if "area" in field.name or field.name in ("lo", "hi"):
        return "990102101201"
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, (models.DateTimeField, models.DateField)):
        return "2001-01-01"
    return "1" if isinstance(field, (models.IntegerField, models.ForeignKey)) else "混入的值"


EXTRAS = extras()


def test_no_form_takes_more_than_it_shows(
    cast: SimpleNamespace, dice: Dice, tmp_path: Any, settings: Any
) -> None:
    settings.UPLOADS = tmp_path
    made = district(cast)
    everything = hidden.of_place(replace(made.home, number=8))
    at = asking.addresses([everything], made.world, dice)
    for member in MEMBERS:
        asking.client_of(made, dice, member)
    start = sequences()
    wrong, wrote = [], set()
    for member in MEMBERS:
        for address, form in shown(made, dice, member, at):
            plain = written(made, dice, member, form, {}, start)
            mixed = written(
                made, dice, member, form, {k: v for k, v in EXTRAS.items() if k not in form.names}, start
            )
            wrote |= {resolve(form.action).view_name} if plain else set()
            if plain != mixed:
                extra = [line for line in mixed if line not in plain] or ["less"]
                wrong.append(f"{member}: {form.action} (shown at {address}) also wrote {extra[0][:300]}")
    assert not wrong, "\n".join(wrong)
    assert len(wrote) >= 20, f"too few forms did anything: {sorted(wrote)}"


def shown(made: District, dice: Dice, member: str, at: dict[str, list[str]]) -> Iterator[tuple[str, Form]]:
    """Every POST form of every page this member may open, each address once."""
    client, seen = asking.client_of(made, dice, member), set()
    for name in sorted(at):
        for address in at[name]:
            with transaction.atomic():
                page = client.get(address)
                transaction.set_rollback(True)
            if page.status_code != 200 or "html" not in page["Content-Type"]:
                continue
            for form in Forms(page.content.decode(), address).found:
                kind = (form.action, *sorted(form.names))
                if form.method == "post" and kind not in seen and _ours(form.action):
                    seen.add(kind)
                    yield address, form


def _ours(action: str) -> bool:
    try:
        match = resolve(action)
    except Resolver404:
        return False
    return match.func.__module__.startswith("hutong.")


def written(
    made: District, dice: Dice, member: str, form: Form, more: dict[str, str], start: dict[str, tuple[int, bool]]
) -> list[str]:  # fmt: skip
    """Lines of the log of changes after sending the form, undone afterwards."""
    client = asking.client_of(made, dice, member)
    cookies = client.cookies.copy()
    set_back(start)
    with transaction.atomic():
        dice.begin(f"{member} {form.action}")
        before = _last()
        client.post(form.action, {**more, **form.values})
        with use_scope(system_scope("test")), connection.cursor() as cursor:
            cursor.execute(
                'SELECT "table", operation, row_id, diff::text FROM audit_change WHERE id > %s ORDER BY id',
                [before],
            )
            lines = [" ".join(map(str, row)) for row in cursor.fetchall()]
        transaction.set_rollback(True)
    client.cookies = cookies
    return [re.sub(r'"20\d\d-[^"]*T[^"]*"', "", line) for line in lines]


def _last() -> int:
    with use_scope(system_scope("test")), connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(id), 0) FROM audit_change")
        return int(cursor.fetchone()[0])
