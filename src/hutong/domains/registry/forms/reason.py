"""Why a file is opened that no task explains."""

from __future__ import annotations

from typing import Any

from django import forms

from hutong.domains.registry.forms import fields
from hutong.foundation.access import terms
from hutong.kernel import clock


class ReasonForm(forms.Form):
    words = fields.text(
        "具体事由", 200, required=True, help_text="如：某某来访反映情况、某号来文、某次会商。"
    )
    next = forms.CharField(widget=forms.HiddenInput, max_length=2000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = fields.choice("理由", terms.reasons(clock.today()), required=True, tiles=True)
        self.order_fields(["code", "words", "next"])
