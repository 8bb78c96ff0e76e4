"""Fields the registry's forms share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.urls import reverse_lazy

from hutong.foundation.design.widgets import DateInput, PlaceInput, PrivateInput
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Area
from hutong.kernel import areas, clock

REQUIRED = {"required": "此项必填。"}


def choices(codes: Mapping[Any, str], *, empty: str = "") -> list[tuple[Any, str]]:
    return ([("", empty)] if empty else []) + list(codes.items())


def text(
    label: str, most: int = 200, *, required: bool = False, help_text: str = "", area: bool = False
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3}) if area else forms.TextInput()
    messages = REQUIRED | {"max_length": f"最多 {most} 个字。"}
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=widget,
        error_messages=messages,
    )


def choice(
    label: str, codes: Mapping[Any, str], *, required: bool = False, tiles: bool = False
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices(codes, empty="" if tiles else "请选择"),
        required=required,
        widget=forms.RadioSelect if tiles else forms.Select,
        error_messages=REQUIRED | {"invalid_choice": "请在列出的选项中选择。"},
    )


def yes_no(label: str, help_text: str = "") -> forms.TypedChoiceField:
    """Three answers: yes, no, and nobody has told us."""
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        choices=[("", "未了解"), ("1", "是"), ("0", "否")],
        required=False,
        coerce=lambda value: value == "1",
        empty_value=None,
    )


class DayField(forms.DateField):
    """A past or present day; later ones are refused in words."""

    widget = DateInput

    def __init__(
        self, label: str, *, required: bool = True, future: bool = False, help_text: str = ""
    ) -> None:
        messages = REQUIRED | {"invalid": "日期不正确，请写成 2026-09-30。"}
        super().__init__(label=label, required=required, help_text=help_text, error_messages=messages)
        self.future = future

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and day.year < 1900:
            raise forms.ValidationError("年份早于 1900 年，请核对。")
        if day is not None and not self.future and day > clock.today():
            raise forms.ValidationError("日期晚于今天，请核对。")
        return day


class PlaceField(forms.CharField):
    """A 12-digit code of a known place, picked by typing."""

    def __init__(self, label: str, *, required: bool = True, help_text: str = "") -> None:
        widget = PlaceInput(cast(str, reverse_lazy("network:find_areas")), network.area_path)
        messages = {"required": "请输入地名并从列表中选择。"}
        super().__init__(
            label=label, required=required, help_text=help_text, widget=widget, error_messages=messages
        )

    def clean(self, value: Any) -> str:
        code = str(super().clean(value) or "")
        if not code:
            return ""
        try:
            full = areas.pad(code)
        except areas.AreaCodeError:
            raise forms.ValidationError("请输入地名并从列表中选择。") from None
        if not Area.objects.filter(code=full, valid_to__isnull=True).exists():
            raise forms.ValidationError("没有这个地点，请重新从列表中选择。")
        return full


def id_number(label: str = "身份证件号码", *, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=40,
        required=False,
        help_text=help_text,
        widget=PrivateInput({"inputmode": "text"}),
    )


def phone() -> forms.CharField:
    return forms.CharField(
        label="联系电话", max_length=30, required=False, widget=PrivateInput({"inputmode": "tel"})
    )
