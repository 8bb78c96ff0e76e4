"""What to correct, and the values proposed."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms

from hutong.domains.registry.forms import fields
from hutong.domains.registry.forms.child import PAYEE, IdentityForm, LivingForm, PayeeForm, current
from hutong.domains.registry.forms.sections import RegimeForm
from hutong.domains.registry.machines import correcting
from hutong.domains.registry.models import Child

PARTS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "name": ("姓名", ("name",)),
    "document": ("证件和号码", ("id_kind", "id_number")),
    "birth": ("出生日期", ("birth_date",)),
    "sex": ("性别", ("sex",)),
    "hukou": ("户籍地", ("hukou_area",)),
    "residence": ("居住地", ("residence_area",)),
    "guardian": ("监护方式和监护人", ("guardian",)),
    "payee": ("发放账户", PAYEE),
    "contact": ("地址和电话", ("address", "phone")),
    "care": ("同住人和安置方式", ("lives_with", "place")),
    "other": ("民族和其他情况", ("ethnic", "rural", "single", "entrusted")),
    "adopted": ("是否被收养", ("adopted",)),
}
"""What is chosen together → label, fields."""
_GUARDIAN: Final = tuple(RegimeForm.base_fields)


def fields_of(parts: Sequence[str]) -> list[str]:
    return [field for part, (_, names) in PARTS.items() if part in parts for field in names]


def part_choices() -> list[tuple[str, str]]:
    """Each part with the papers it asks for."""
    found = []
    for part, (label, names) in PARTS.items():
        papers = correcting.papers(names)
        found.append((part, f"{label}（须附{'、'.join(papers)}）" if papers else label))
    return found


class ChooseForm(forms.Form):
    part = forms.MultipleChoiceField(
        label="要更正什么",
        choices=part_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages=fields.REQUIRED | {"invalid_choice": "请在列出的项目中选择。"},
    )


class ProposalForm(forms.Form):
    """The chosen fields with what the file says now, and why. ``changes()`` is what ``services.propose`` takes."""

    def __init__(
        self, names: Sequence[str], data: Any = None, *, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={"form_key": uuid.uuid4(), **(initial or {})})
        self.names = list(names)
        known = IdentityForm.base_fields | LivingForm.base_fields | PayeeForm.base_fields
        for name in self.names:
            if name == "guardian":
                for part in _GUARDIAN:
                    self.fields[f"guardian_{part}"] = copy.deepcopy(RegimeForm.base_fields[part])
            else:
                self.fields[name] = copy.deepcopy(known[name])
        if set(self.names) & set(correcting.AREAS):
            self.fields["mistake"] = forms.BooleanField(
                label="是登记错误，不是搬家或迁户（搬家、迁户请办理转出转入）",
                error_messages={"required": "只有登记错误在这里更正；孩子搬家或迁户，请办理转出转入。"},
            )
        self.fields["reason"] = fields.text(
            "更正理由",
            500,
            required=True,
            area=True,
            help_text="哪里错了、依据是什么。不要写证件号码和电话号码。",
        )
        self.fields["form_key"] = forms.UUIDField(widget=forms.HiddenInput)

    def changes(self) -> dict[str, Any]:
        given = self.cleaned_data
        found = {name: given[name] for name in self.names if name != "guardian"}
        if "guardian" in self.names:
            found["guardian"] = {part: given[f"guardian_{part}"] for part in _GUARDIAN}
        return found


def initial(child: Child, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the form starts from: ``values`` (a draft's own), else what the file says now."""
    names = tuple(name for name in values if name != "guardian")
    shown = current(child, names)
    written: dict[Any, str] = {True: "1", False: "0"}
    for name in names:
        value = values[name]
        if value is not None:
            shown[name] = written[value] if isinstance(value, bool) else value
    for part, value in (values.get("guardian") or {}).items():
        shown[f"guardian_{part}"] = value
    return shown
