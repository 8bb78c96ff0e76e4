"""What a librarian fills in."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from hutong.domains.library.models import Document, Relation, Review
from hutong.domains.library.storage import reading
from hutong.domains.policy import selectors as policy
from hutong.foundation.design.widgets import DateInput
from hutong.foundation.network.forms import PlaceField

_REQUIRED = {"required": "此项必填。"}
_KINDS = {"rule": "规则", "param": "参数", "programme": "项目"}


def _text(
    label: str, most: int, *, rows: int = 3, required: bool = True, help_text: str = ""
) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=help_text, widget=forms.Textarea({"rows": rows}),
        error_messages=_REQUIRED | {"max_length": f"最多 {most} 个字。"},
    )  # fmt: skip


def _day(label: str, *, required: bool = False, help_text: str = "") -> forms.DateField:
    errors = _REQUIRED | {"invalid": "日期请写成 2026-01-01。"}
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=DateInput(), error_messages=errors
    )


class WordsField(forms.CharField):
    """Subject words, as a list of short texts."""

    def __init__(self) -> None:
        super().__init__(
            label="主题词",
            required=False,
            help_text="群众会怎么问，就写什么词；用顿号或空格隔开，每个词 2 至 30 字。",
        )

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        words = [one for one in re.split(r"[\s、，,；;]+", str(value or "")) if one]
        if len(words) > 40 or any(not 2 <= len(one) <= 30 for one in words):
            raise forms.ValidationError("主题词每个 2 至 30 字，最多 40 个。")
        return list(dict.fromkeys(words))


class ImportForm(forms.Form):
    file = forms.FileField(
        label="文件",
        help_text="txt 或 docx，4 MB 以内。PDF 和扫描件请先转成文字。",
        error_messages={
            "required": "请选择文件。",
            "empty": "这个文件是空的（0 字节），请重新导出后再上传。",
        },
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > reading.LARGEST:
            raise forms.ValidationError(reading.TOO_LARGE)
        return file


class HeadForm(forms.Form):
    title = forms.CharField(label="标题", max_length=200, error_messages=_REQUIRED)
    number = forms.CharField(
        label="文号", max_length=60, required=False, help_text="例如：渝民发〔2026〕1号。"
    )
    issuer = forms.CharField(label="制发机关", max_length=120, error_messages=_REQUIRED)
    level = forms.ChoiceField(label="级别", choices=Document.Level.choices, error_messages=_REQUIRED)
    applies_area = PlaceField(label="适用地区", error_messages=_REQUIRED)
    issued_on = _day("印发日期")
    valid_from = _day("施行日期")
    valid_to = _day("失效日期", help_text="文件写明有效期的才填；从这一天起不再有效。")
    words = WordsField()


class ClauseForm(forms.Form):
    number = forms.CharField(
        label="条号", max_length=40, required=False, help_text="例如：第21条、三（二）、四（三）8。"
    )
    heading = forms.CharField(label="小标题", max_length=80, required=False)
    summary = _text("要点", 1000, required=False, help_text="用自己的话概括：对谁、怎么办、数字和期限。")
    words = WordsField()
    links = forms.MultipleChoiceField(
        label="决定什么", required=False, help_text="与这一条对应的规则、参数、项目；可多选。",
        widget=forms.SelectMultiple({"size": 8}), error_messages={"invalid_choice": "请从列出的名称中选择。"},
    )  # fmt: skip
    original = _text(
        "原文",
        100_000,
        rows=10,
        required=False,
        help_text="要拆成两条的，在拆开的地方另起一行写 ====，再保存。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["links"].choices = [  # type: ignore[attr-defined]
            (_KINDS[kind], [(f"{kind}:{name}", label) for name, label in named.items()])
            for kind, named in policy.linkable().items()
        ]


class RelateForm(forms.Form):
    kind = forms.ChoiceField(label="关系", choices=Relation.Kind.choices)
    target = forms.ModelChoiceField(
        label="文件", queryset=Document.objects.none(), error_messages={"required": "请选择文件。", "invalid_choice": "请从列表中选择文件。"},
    )  # fmt: skip

    def __init__(self, *args: Any, targets: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = targets  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    reason = _text("说明", 500)

    def __init__(self, *args: Any, needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needed


class RepealForm(WordsForm):
    on = _day("从哪一天起不再有效", required=True)


class ReviewForm(forms.Form):
    kind = forms.ChoiceField(
        label="类别", choices=Review.Kind.choices, widget=forms.RadioSelect, error_messages=_REQUIRED
    )
    reason = _text("理由或评估内容", 500)
    due_on = _day("办结期限", required=True)


class FinishForm(forms.Form):
    outcome = _text("结果", 1000, help_text="修订、废止的文号，保留的理由，或评估发现的问题和建议。")
