"""The emergency form and the review."""

from __future__ import annotations

from typing import Any

from django import forms

from hutong.domains.glass.data import terms
from hutong.foundation.design.widgets import PrivateInput
from hutong.kernel import clock

REQUIRED = {"required": "此项必填。", "invalid_choice": "请在列出的选项中选择。"}


def _text(label: str, most: int, *, help_text: str = "", area: bool = False) -> forms.CharField:
    messages = REQUIRED | {"max_length": f"最多 {most} 个字。"}
    widget = forms.Textarea({"rows": 3}) if area else PrivateInput()
    return forms.CharField(
        label=label, max_length=most, help_text=help_text, widget=widget, error_messages=messages
    )


class BreakForm(forms.Form):
    number = _text(
        "身份证号或档案号",
        40,
    )
    name = _text("儿童姓名", 80, help_text="须与档案完全一致，防止误开他人档案。")
    words = _text(
        "情况",
        300,
        area=True,
        help_text="儿童现在怎样、在哪里、谁要求查阅。儿童有危险的，先拨打 110。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {code: reason.words for code, reason in terms.reasons(clock.today()).items()}
        self.fields["reason"] = forms.ChoiceField(
            label="紧急情况", choices=list(known.items()), widget=forms.RadioSelect, error_messages=REQUIRED
        )
        self.order_fields(["reason", "number", "name", "words"])


class ReviewForm(forms.Form):
    words = _text("复核意见", 300, area=True, help_text="向谁核实了什么，是否确属紧急。")
