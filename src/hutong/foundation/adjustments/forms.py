"""Forms of the difference: the list, one row's decision, words of a step."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from hutong.foundation.adjustments import machines as machine
from hutong.foundation.adjustments import services
from hutong.foundation.adjustments.models import Row
from hutong.foundation.adjustments.services import reading
from hutong.foundation.design.widgets import DateInput
from hutong.foundation.network.forms import PlaceField

_REQUIRED = {"required": "此项必填。"}


class ListForm(forms.Form):
    file = forms.FileField(
        label="清单文件",
        help_text="CSV（第一行是 code,name 或 区划代码,名称）或 Parquet，8 MB 以内。Excel 表请另存为 CSV。",
        error_messages={
            "required": "请选择清单文件。",
            "empty": "这个文件是空的（0 字节），请重新导出后再上传。",
        },
    )
    within = PlaceField(label="比对范围", error_messages=_REQUIRED, help_text="只比对这个地方及其以下。")
    title = forms.CharField(label="名称", max_length=120, required=False, help_text="例如：2026 年区划调整。")
    source = forms.CharField(
        label="依据", max_length=200, error_messages=_REQUIRED, help_text="批复文号，或清单的名称和日期。"
    )
    effective_on = forms.DateField(label="生效日期", widget=DateInput(), error_messages=_REQUIRED)

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > reading.LARGEST:
            raise forms.ValidationError(reading.TOO_LARGE)
        return file


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label="处理", widget=forms.RadioSelect, error_messages={"required": "请选择一种处理。"}
    )
    targets = forms.CharField(
        label="去向",
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="名称或代码。并入、改代码写一个；分设写两个以上，用空格或逗号隔开。",
    )
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, row: Row, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._row = row
        offered = machine.OFFERED[row.kind]
        self.fields["decision"].choices = [(code, machine.DECISIONS[code]) for code in offered]  # type: ignore[attr-defined]
        self.initial.setdefault("decision", row.decision)
        self.initial.setdefault("targets", " ".join(row.targets or (row.guess if len(row.guess) < 2 else ())))
        self.initial.setdefault("note", row.note)
        if row.kind != machine.GONE:
            del self.fields["targets"]

    def clean_targets(self) -> list[str]:
        words = [one for one in re.split(r"[\s,，、;；]+", self.cleaned_data["targets"]) if one]
        try:
            return services.find_targets(self._row, words)
        except services.AdjustmentRefused as refused:
            raise forms.ValidationError(refused.sentence) from refused


class WordsForm(forms.Form):
    reason = forms.CharField(
        label="说明", max_length=500, widget=forms.Textarea({"rows": 3}), error_messages=_REQUIRED
    )

    def __init__(self, *args: Any, needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needed
