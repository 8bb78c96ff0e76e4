"""Forms of ``exchange``."""

from __future__ import annotations

from typing import Any

from django import forms

from hutong.domains.exchange import permissions, quarters
from hutong.domains.exchange.models import Batch
from hutong.domains.policy import selectors as policy
from hutong.domains.policy.selectors.packs import NATIONAL
from hutong.foundation.access.acting import Acting
from hutong.foundation.design.widgets import DateInput
from hutong.kernel import clock
from hutong.linkage.catalogue import LISTS
from hutong.linkage.contract import DEPARTMENTS


def quarter_choices() -> list[tuple[str, str]]:
    return [(str(one), one.label) for one in quarters.recent(clock.today())]


class UploadForm(forms.Form):
    """First act: which list, which quarter, which file."""

    list_code = forms.ChoiceField(label="清单")
    quarter = forms.ChoiceField(
        label="季度", help_text="清单反映哪个季度的情况就选哪个季度；过了季度末才送的会标为“迟到”。"
    )
    provider = forms.ChoiceField(
        label="提供部门", error_messages={"required": "请选择这份清单由哪个部门提供。"}
    )
    file = forms.FileField(
        label="文件",
        help_text="xlsx、csv 或 parquet，50 MB 以内。只传一张表，不设密码，不带公式和宏。",
        error_messages={
            "required": "请选择要上传的文件。",
            "empty": "这个文件是空的（0 字节），请重新导出后再上传。",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.parquet,.txt"}),
    )

    def __init__(self, *args: Any, actor: Acting, root: Batch | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [root.list_code] if root else permissions.lists_for(actor)
        self.fields["list_code"].choices = [(code, LISTS[code].table.title) for code in codes]  # type: ignore[attr-defined]
        chosen = self.data.get("list_code") or self.initial.get("list_code")
        known = [chosen] if chosen in codes else codes
        providers = dict.fromkeys(one for code in known for one in permissions.providers_for(actor, code))
        if root:
            providers = {root.provider: None}
        options = [(one, DEPARTMENTS[one]) for one in providers]
        if len(options) > 1:
            options.insert(0, ("", "请选择"))
        self.fields["provider"].choices = options  # type: ignore[attr-defined]
        choices = quarter_choices()
        if root:
            choices = [(root.quarter, quarters.parse(root.quarter).label)]
        self.fields["quarter"].choices = choices  # type: ignore[attr-defined]


class ColumnsForm(forms.Form):
    """Which column of the file is which column of the list; a field a list column, its choices the file's headers."""

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        header_of = {code: header for header, code in batch.mapping.items()}
        table = LISTS[batch.list_code].table
        either = "和".join(table.column(code).header for code in table.any_of)
        choices = [("", "（文件中没有）"), *((header, header) for header in batch.headers)]
        for column in table.columns:
            note = f"{either}至少要有一列" if column.code in table.any_of else ""
            self.fields[column.code] = forms.ChoiceField(
                label=column.header, choices=choices, required=False, initial=header_of.get(column.code, ""),
                help_text="；".join(filter(None, (note, column.hint))),
            )  # fmt: skip

    def mapping(self) -> dict[str, str]:
        """{header: column}; a header chosen for two columns is an error of the form."""
        found: dict[str, str] = {}
        for code, header in self.cleaned_data.items():
            if header and header in found:
                self.add_error(code, f"“{header}”已经选给了另一列。")
            elif header:
                found[header] = code
        return found


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="事由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明事由，提供部门会看到。"},
    )


class RunForm(forms.Form):
    """What to compare: quarter, day, policy pack."""

    quarter = forms.ChoiceField(label="季度")
    as_of = forms.DateField(
        label="比对日", widget=DateInput(), help_text="按这一天有效的情形和政策判断，一般为季度末或今天。"
    )
    pack = forms.ChoiceField(label="政策包")
    use_stale = forms.BooleanField(
        label="未送达的清单沿用最近一期", required=False, help_text="沿用的清单会在线索依据中标明“往期”。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quarter"].choices = quarter_choices()  # type: ignore[attr-defined]
        packs = [name for name in policy.list_packs() if name != NATIONAL]
        self.fields["pack"].choices = [(name, policy.pack_info(name, clock.today()).label) for name in packs]  # type: ignore[attr-defined]
