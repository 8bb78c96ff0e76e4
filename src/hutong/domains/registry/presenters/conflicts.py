"""A conflict as two columns: what is stored now, what was typed."""

from __future__ import annotations

from typing import Any

from django import forms

from hutong.domains.registry.machines import wording
from hutong.domains.registry.services.errors import Conflict
from hutong.foundation.network import selectors as network
from hutong.kernel import ids

_CODES: dict[str, dict[Any, str]] = {
    "sex": wording.SEXES, "id_kind": wording.ID_KINDS, "lives_with": wording.LIVES_WITH, "place": wording.PLACES,
}  # fmt: skip
_YES = {True: "是", False: "否", None: "未了解"}


def conflict(found: Conflict, form: forms.Form) -> list[dict[str, str]]:
    """Rows of ``ui.split``: label, left (now), right (yours)."""
    return [
        {"label": str(form.fields[name].label), "left": words(name, now), "right": words(name, mine)}
        for name, (now, mine) in found.fields.items()
        if name in form.fields
    ]


def words(name: str, value: Any) -> str:
    if name in _CODES:
        return _CODES[name].get(value, "")
    if name in {"hukou_area", "residence_area"}:
        return network.area_path(value) if value else ""
    if name == "id_number":
        return ids.mask(str(value))
    if name == "payee_account":
        return ids.mask(str(value or ""))
    if isinstance(value, bool) or value is None:
        return _YES[value]
    return str(value)
