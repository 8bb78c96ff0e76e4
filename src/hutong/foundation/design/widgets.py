"""Form widgets that Django does not have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

LABEL_SUFFIX = "__label"


class PlaceInput(forms.TextInput):
    """Area picked by typing. Submits the code under the field's name and what was typed under ``<name>__label``.

    ``find_url`` answers ``?q=`` with ``ui.place_options``; ``label_of(code)`` gives the path shown for a code that
    is already stored.
    """

    design_kind = "place"

    def __init__(self, find_url: str, label_of: Callable[[str], str] | None = None) -> None:
        super().__init__()
        self.find_url = find_url
        self.label_of = label_of

    def typed(self, data: Mapping[str, Any] | MultiValueDict[str, Any], html_name: str) -> str:
        """The label as last typed, or '' for a form that is not bound."""
        return str(data.get(f"{html_name}{LABEL_SUFFIX}") or "") if data else ""


class DateInput(forms.DateInput):
    """The browser's own calendar; always ISO dates, whatever the locale."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class PrivateInput(forms.TextInput):
    """ID and bank numbers: no browser memory, never part of a draft kept in the browser."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "data-private": "1", "spellcheck": "false", **(attrs or {})})
