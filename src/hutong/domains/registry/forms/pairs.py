"""The answer to a pair, in words."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import QueryDict

from hutong.domains.registry.forms import fields

_WORDS: Final = {
    "different": ("为什么不是同一人", True),
    "later": ("还缺什么、准备怎么核对", True),
    "ask": ("凭什么认定是同一人", True),
    "withdraw": ("撤回的原因", True),
    "confirm": ("确认意见", False),
    "refuse": ("不同意合并的理由", True),
    "split": ("为什么要拆分", True),
    "reopen": ("为什么要重新核对", True),
}
"""Event → what is asked, whether it must be answered."""


class AnswerForm(forms.Form):
    def __init__(self, data: Any = None, *, event: str) -> None:
        super().__init__(data, auto_id=f"{event}_%s")
        label, required = _WORDS[event]
        if event == "later":
            self.fields["next_check_on"] = fields.DayField("下次核对日期", future=True)
        if event == "ask":
            sides = {"first": "甲", "second": "乙"}
            self.fields["survivor"] = fields.choice("保留哪一份", sides, required=True, tiles=True)
        self.fields["reason"] = fields.text(label, 300, required=required, area=True)

    def words(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


def takes(given: QueryDict, survivor: str) -> list[str]:
    """The fields for which the other side was chosen: ``take-<field>`` says first or second."""
    return [
        name.removeprefix("take-")
        for name in given
        if name.startswith("take-") and given[name] in ("first", "second") and given[name] != survivor
    ]
