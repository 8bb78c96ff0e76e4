"""Every column that holds a place follows a change of places; none is forgotten under another name (ADR 0020)."""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps
from django.db import models

PLACE = re.compile(r"(^|_)(area|area_code)$")
LIKE_A_PLACE = re.compile(r"area|code|place|village|township|county|region|hukou|residence")
STAYS = re.compile(r"^(audit|adjustments)_|^network_area")
"""Logs stay as they were written; places and their changes have a history of their own."""


def columns() -> list[tuple[str, models.Field[Any, Any]]]:
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not STAYS.match(model._meta.db_table):
            found += [(model._meta.db_table, field) for field in model._meta.concrete_fields]
    return found


def holds_a_code(field: models.Field[Any, Any]) -> bool:
    return isinstance(field, models.CharField) and field.max_length == 12 and field.db_collation == "C"


def test_a_code_is_named_as_a_place() -> None:
    odd = [
        f"{table}.{field.column}"
        for table, field in columns()
        if holds_a_code(field) and LIKE_A_PLACE.search(field.column) and not PLACE.search(field.column)
    ]
    assert odd == [], "name it …area or …area_code, so that a change of places finds it"


def test_a_place_is_a_text_of_twelve_characters_in_collation_c() -> None:
    odd = [
        f"{table}.{field.column}"
        for table, field in columns()
        if PLACE.search(field.column) and not holds_a_code(field)
    ]
    assert odd == [], "a change of places does not find it: varchar(12), db_collation='C'"
