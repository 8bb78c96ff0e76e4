"""The forms of ledgers and exports."""

from __future__ import annotations

from typing import Any

from django import forms

from hutong.domains.ledgers.data import catalogue
from hutong.domains.ledgers.models.exports import BASES, FORMS
from hutong.foundation.access.acting import Acting


class LedgerForm(forms.Form):
    """Which ledger of which place: the filters above the list."""

    kind = forms.ChoiceField(label="台账", required=False)
    area = forms.ChoiceField(label="地方", required=False)
    basis = forms.ChoiceField(label="按", required=False, choices=[("", "该台账的口径"), *BASES.items()])

    def __init__(self, places: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(one.code, one.label) for one in catalogue.kinds().values()]
        self.fields["kind"].choices = [("", "请选择"), *kinds]  # type: ignore[attr-defined]
        self.fields["area"].choices = places  # type: ignore[attr-defined]


class AskForm(forms.Form):
    """Form, purpose and words of an export."""

    form = forms.ChoiceField(
        label="形式", widget=forms.RadioSelect, error_messages={"required": "请选择文件形式。"}
    )
    purpose = forms.ChoiceField(label="用途", error_messages={"required": "请选择用途。"})
    words = forms.CharField(
        label="用途说明", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明用在什么事上、交给谁、用后怎样处理。会随导出记录保存。",
        error_messages={"required": "请写明用途说明。", "max_length": "最多 300 个字。"},
    )  # fmt: skip
    clear_id = forms.BooleanField(
        label="需要完整证件号码和电话",
        required=False,
        help_text="默认只给遮盖后的号码。需要完整号码的，用途必须有法定依据，并一律由另一人批准。",
    )

    def __init__(self, actor: Acting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        folder = actor.may("registry.export") and actor.may("ledger.clear_id")
        forms_of = [(code, label) for code, label in FORMS.items() if code != "folder" or folder]
        self.fields["form"].choices = forms_of  # type: ignore[attr-defined]
        given = [
            (one.code, f"{one.label}（依据：{one.source}）" if one.clear else one.label)
            for one in catalogue.purposes().values()
            if not one.clear or actor.may("ledger.clear_id")
        ]
        self.fields["purpose"].choices = [("", "请选择"), *given]  # type: ignore[attr-defined]
        if not actor.may("ledger.clear_id"):
            del self.fields["clear_id"]


class DecideForm(forms.Form):
    """The second person's answer."""

    event = forms.ChoiceField(
        label="意见", widget=forms.RadioSelect, choices=[("approve", "批准"), ("refuse", "不予批准")],
        error_messages={"required": "请选择意见。"},
    )  # fmt: skip
    note = forms.CharField(
        label="说明", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不予批准的，请写明理由。",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("event") == "refuse" and not str(given.get("note") or "").strip():
            self.add_error("note", "不予批准请写明理由。")
        return given
