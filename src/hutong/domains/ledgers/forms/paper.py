"""Taking a 登记表 with complete numbers: the purpose is stated."""

from __future__ import annotations

from typing import Any

from django import forms

from hutong.domains.ledgers.data import catalogue
from hutong.foundation.access.acting import Acting


class PaperForm(forms.Form):
    """Empty for those without the right: their form is masked."""

    clear_id = forms.BooleanField(label="需要完整证件号码和电话", required=False)
    purpose = forms.ChoiceField(label="法定用途", required=False)
    words = forms.CharField(
        label="用途说明", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="只在需要完整号码时填写：用在什么事上、交给谁。会记入查阅日志。",
    )  # fmt: skip

    def __init__(self, actor: Acting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not actor.may("ledger.clear_id"):
            self.fields.clear()
            return
        legal = [
            (one.code, f"{one.label}（依据：{one.source}）")
            for one in catalogue.purposes().values()
            if one.clear
        ]
        self.fields["purpose"].choices = [("", "不需要完整号码"), *legal]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("clear_id"):
            if not given.get("purpose"):
                self.add_error("purpose", "使用完整证件号码须有法定用途，请选择。")
            if len(str(given.get("words") or "").strip()) < 6:
                self.add_error("words", "请写明用在什么事上、交给谁（不少于 6 个字）。")
        return given
