"""Forms of a scenario: what it is, one changed value, rules, a day, a purpose. Values are typed as officials write them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django import forms

from hutong.domains.policy.selectors import scenarios
from hutong.foundation.design.widgets import DateInput
from hutong.foundation.network.forms import PlaceField
from hutong.kernel import money
from hutong.rulebook.packs import drafts
from hutong.rulebook.packs.keys import KEYS

_REQUIRED = {"required": "此项必填。"}
_YES = {"是": True, "否": False, "true": True, "false": False}


class ScenarioForm(forms.Form):
    title = forms.CharField(
        label="名称", max_length=80, error_messages=_REQUIRED, help_text="例如：2027 年提标 5%。"
    )
    area_code = PlaceField(
        label="地方", error_messages=_REQUIRED, help_text="本辖区，或其中一个区县；按儿童户籍地测算。"
    )
    month = forms.DateField(
        label="测算月份",
        widget=DateInput(),
        error_messages=_REQUIRED,
        help_text="选这个月的任一天，按当月第一天测算，并推算十二个月。",
    )
    source = forms.CharField(label="缘由或依据", max_length=200, error_messages=_REQUIRED)


class LineForm(forms.Form):
    key = forms.ChoiceField(label="参数", error_messages=_REQUIRED)
    value = forms.CharField(
        label="新的数值", max_length=2000, error_messages=_REQUIRED,
        help_text="金额按元填写；是否填“是”或“否”；列表用顿号或逗号隔开；对照表照现行写法改。",
    )  # fmt: skip
    start = forms.DateField(label="起始日期", widget=DateInput(), error_messages=_REQUIRED)
    area_code = PlaceField(
        label="只在这个地方", required=False, help_text="只有金额标准可以在辖区内一个地方另定。"
    )
    source = forms.CharField(label="缘由或依据", max_length=200, error_messages=_REQUIRED)

    def __init__(self, choices: list[scenarios.Choice], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = {one.key: one for one in choices}
        named = [(one.key, one.label.replace("分/月", "元/月")) for one in choices]
        self.fields["key"].choices = [("", "请选择"), *named]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        key, text = given.get("key"), given.get("value")
        if key and text:
            try:
                given["value"] = read_value(key, text, self._now[key].value)
            except (ValueError, money.MoneyError) as error:
                self.add_error("value", str(error))
        return given


def read_value(key: str, text: str, now: Any) -> Any:
    """What was typed, in the pack's own type; ValueError with a sentence. ``now`` is the value in force (its shape)."""
    text = text.strip()
    if key in drafts.MONEY:
        fen = money.parse_yuan(text)
        if fen < 0:
            raise ValueError("金额不能小于零，请核对。")
        return int(fen)
    if isinstance(now, bool):
        if text.lower() not in _YES:
            raise ValueError("这一项只能填“是”或“否”。")
        return _YES[text.lower()]
    if isinstance(now, int):
        if not (text.isascii() and text.isdigit()):
            raise ValueError(f"“{text[:20]}”不是数字，这一项应为：{KEYS[key].expects}。")
        return int(text)
    if isinstance(now, list):
        return [one for one in text.replace("，", "、").replace(",", "、").split("、") if one.strip()]
    if isinstance(now, dict):
        try:
            return json.loads(text)
        except ValueError:
            raise ValueError('对照表应写成与现行相同的形式，例如 {"visual": [1, 2]}。') from None
    return text


class RulesForm(forms.Form):
    adopts = forms.MultipleChoiceField(label="新设", required=False, widget=forms.CheckboxSelectMultiple)
    drops = forms.MultipleChoiceField(label="停用", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, rules: tuple[list[tuple[str, str]], list[tuple[str, str]]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in zip(("adopts", "drops"), rules, strict=True):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            if not choices:
                del self.fields[name]


class ProposeForm(forms.Form):
    effective_on = forms.DateField(
        label="启用日期",
        widget=DateInput(),
        error_messages=_REQUIRED,
        help_text="今天以后的一天；这一天以前可以撤回或退回。",
    )
    source = forms.CharField(
        label="依据文件",
        max_length=200,
        error_messages=_REQUIRED,
        help_text="印发文件的名称和文号；没有文件的不能启用。",
    )

    def clean_effective_on(self) -> date:
        day: date = self.cleaned_data["effective_on"]
        if day.year > 2100:
            raise forms.ValidationError("日期太远，请核对年份。")
        return day


class WordsForm(forms.Form):
    reason = forms.CharField(
        label="说明", max_length=300, widget=forms.Textarea({"rows": 3}), error_messages=_REQUIRED
    )

    def __init__(self, *args: Any, needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needed


class TakeForm(forms.Form):
    purpose = forms.CharField(
        label="用途", min_length=6, max_length=200,
        error_messages={"required": "请写明用途。", "min_length": "请写清用途（至少 6 个字），例如：提交局务会研究 2027 年标准。"},
    )  # fmt: skip
