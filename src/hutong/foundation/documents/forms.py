"""The upload form other apps draw."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

ACCEPT = ".jpg,.jpeg,.png,.webp,.pdf,.xlsx,.docx,.csv"


class UploadForm(forms.Form):
    """One file with its purpose (fixed where one paper was asked for); ``once`` is drawn new with each form, so that a second click changes nothing."""

    file = forms.FileField(
        label="选择文件",
        help_text="照片（JPG、PNG、WebP）、PDF、Excel、Word 或 CSV，20 MB 以内。",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"required": "请选择要上传的文件。", "empty": "文件是空的（0 字节），请重新选择。"},
    )
    purpose = forms.CharField(label="材料名称", max_length=120, help_text="例如：户口簿、判决书、走访照片。")
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, purpose: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if purpose:
            self.fields["purpose"].disabled = True
            self.initial["purpose"] = purpose
        self.initial.setdefault("once", uuid.uuid4())
