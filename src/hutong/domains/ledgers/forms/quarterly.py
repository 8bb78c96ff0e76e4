"""The forms of the quarterly data."""

from __future__ import annotations

from typing import Any

from django import forms

from hutong.foundation.design.widgets import DateInput
from hutong.kernel import clock
from hutong.kernel.quarters import Quarter

RECENT = 4


class QuarterForm(forms.Form):
    """Which quarter: the present one and those before it."""

    quarter = forms.ChoiceField(label="季度", error_messages={"required": "请选择季度。"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quarter, found = Quarter.of(clock.today()), []
        for _ in range(RECENT):
            found.append((str(quarter), quarter.label))
            quarter = quarter.before
        self.fields["quarter"].choices = found  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """Why it is made again."""

    note = forms.CharField(
        label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明理由。"},
    )  # fmt: skip


class SentForm(forms.Form):
    """That it stands in the national system."""

    sent_on = forms.DateField(
        label="上报日期", widget=DateInput(), error_messages={"required": "请填写上报日期。", "invalid": "日期不正确，请写成 2026-09-30。"}
    )  # fmt: skip
    receipt = forms.CharField(
        label="全国系统回执或流水号", max_length=60, error_messages={"required": "请填写回执或流水号。"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("sent_on", clock.today())
