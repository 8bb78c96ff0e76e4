"""A Django ``BoundField`` as the flat facts a macro draws, without Django's form templates (they cost most of a page)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from hutong.foundation.design.widgets import PlaceInput

_DJANGO_ROWS = ("rows", "10")
"""Django's default height of a text area, which would overrule the style sheet's."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; ``group`` is '' outside an option group."""

    value: str
    label: str
    chosen: bool
    group: str = ""


@dataclass(frozen=True, slots=True)
class FieldView:
    """What is drawn. ``kind``: an input type, or select, radio, checks, textarea, place, other."""

    kind: str
    name: str
    id: str
    label: str
    value: str
    help: str
    errors: tuple[str, ...]
    required: bool
    disabled: bool
    multiple: bool
    attrs: dict[str, str]
    options: tuple[Option, ...] = ()
    find_url: str = ""
    place_label: str = ""
    widget_html: str = ""


def present(bound: BoundField) -> FieldView:
    """Facts of one field, with what was typed if the form was submitted."""
    widget = bound.field.widget
    kind = _kind(widget)
    value = bound.value()
    return FieldView(
        kind=kind,
        name=bound.html_name,
        id=bound.id_for_label or bound.auto_id or bound.html_name,
        label=str(bound.label or ""),
        value=_text(widget, value),
        help=str(bound.help_text or ""),
        errors=tuple(str(error) for error in bound.errors),
        required=bound.field.required,
        disabled=bound.field.disabled,
        multiple=bool(getattr(widget, "allow_multiple_selected", False)),
        attrs=_attributes(bound, kind),
        options=tuple(_options(widget, value)) if isinstance(widget, forms.widgets.ChoiceWidget) else (),
        find_url=widget.find_url if isinstance(widget, PlaceInput) else "",
        place_label=_place_label(bound, widget) if isinstance(widget, PlaceInput) else "",
        widget_html=str(bound.as_widget()) if kind == "other" else "",
    )


def _kind(widget: forms.Widget) -> str:
    named = getattr(widget, "design_kind", None)
    if named:
        return str(named)
    match widget:
        case forms.Textarea():
            return "textarea"
        case forms.CheckboxSelectMultiple():
            return "checks"
        case forms.RadioSelect():
            return "radio"
        case forms.Select():
            return "select"
        case forms.CheckboxInput():
            return "checkbox"
        case forms.MultiWidget():
            return "other"
        case forms.DateInput():
            return "date"
        case forms.widgets.Input():
            return str(widget.input_type)
        case _:
            return "other"


def _text(widget: forms.Widget, value: Any) -> str:
    if (
        isinstance(widget, forms.FileInput | forms.PasswordInput | forms.widgets.ChoiceWidget)
        or value is None
    ):
        return ""
    if isinstance(widget, forms.CheckboxInput):
        return "1" if widget.check_test(value) else ""
    if isinstance(widget, forms.DateInput) and hasattr(value, "isoformat"):
        return str(value.isoformat())
    shown = widget.format_value(value)
    return "" if shown is None else str(shown)


def _attributes(bound: BoundField, kind: str) -> dict[str, str]:
    """HTML attributes of the widget and field (maxlength, inputmode, …); True stands as an empty value."""
    attrs = bound.field.widget.attrs | bound.field.widget_attrs(bound.field.widget)
    skipped = {"id", "class", "style", "required", "disabled"} | ({"cols"} if kind == "textarea" else set())
    return {
        name: "" if value is True else str(value)
        for name, value in attrs.items()
        if name not in skipped and value is not False and value is not None and (name, value) != _DJANGO_ROWS
    }


def _options(widget: forms.widgets.ChoiceWidget, value: Any) -> Iterator[Option]:
    chosen = set(map(str, widget.format_value(value)))
    for choice, label in widget.choices:
        if isinstance(label, list | tuple):
            for inner, text in label:
                yield Option(_plain(inner), str(text), _plain(inner) in chosen, str(choice))
        else:
            yield Option(_plain(choice), str(label), _plain(choice) in chosen)


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _place_label(bound: BoundField, widget: PlaceInput) -> str:
    typed = widget.typed(bound.form.data, bound.html_name) if bound.form.is_bound else ""
    code = bound.value()
    if typed or not code or widget.label_of is None:
        return typed
    return widget.label_of(str(code))
