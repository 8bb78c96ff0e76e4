"""What a reader asks for."""

from __future__ import annotations

from datetime import date

from django import forms

from hutong.domains.library.models import Document
from hutong.domains.library.selectors.searching import LONGEST
from hutong.foundation.design.widgets import DateInput
from hutong.foundation.network.forms import PlaceField
from hutong.kernel import clock

_FIRST, _LAST = date(2010, 1, 1), date(2100, 1, 1)


class DayField(forms.DateField):
    """A day the packs know."""

    def __init__(self, label: str, *, required: bool = False) -> None:
        super().__init__(
            label=label,
            required=required,
            widget=DateInput(),
            error_messages={"invalid": "日期请写成 2026-01-01。"},
        )

    def clean(self, value: object) -> date | None:
        day: date | None = super().clean(value)
        if day and not _FIRST <= day <= _LAST:
            raise forms.ValidationError(f"日期应在 {_FIRST} 与 {_LAST} 之间。")
        return day


class ShelfForm(forms.Form):
    q = forms.CharField(label="文号、标题或内容", max_length=LONGEST, required=False)
    area = PlaceField(label="适用地区", required=False)
    level = forms.ChoiceField(label="级别", required=False, choices=[("", "全部"), *Document.Level.choices])
    on = DayField("在这一天有效")
    ever = forms.BooleanField(label="也列出已失效的", required=False)


class AskForm(forms.Form):
    q = forms.CharField(
        label="来电人问什么",
        max_length=LONGEST,
        required=False,
        help_text="用平常的话写，例如：父母都坐牢，孩子能申请什么。不要写姓名和证件号码。",
        error_messages={"max_length": f"最多 {LONGEST} 个字，请只写要点。"},
    )
    area = PlaceField(label="孩子的户籍地", required=False, help_text="选到乡镇（街道），能列出受理单位。")
    on = DayField("哪一天（不填为今天）")

    def day(self) -> date:
        return self.cleaned_data.get("on") or clock.today()
