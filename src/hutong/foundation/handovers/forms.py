"""Forms of giving a post away and taking it over."""

from __future__ import annotations

from typing import Any

from django import forms

from hutong.foundation.access.acting import Acting
from hutong.foundation.accounts.models import User
from hutong.foundation.design.widgets import DateInput
from hutong.foundation.handovers import permissions, selectors
from hutong.foundation.handovers.models import HandOver
from hutong.foundation.network.models import Holding

LEAVE, LEAVING = "leave", "leaving"
KINDS = [(LEAVE, "请假（到期返岗）"), (LEAVING, "离任（不再返岗）")]


class _WithPerson(forms.Form):
    """``to``: one of the people who may be asked."""

    people: dict[str, User]

    def offer(self, holding: Holding, actor: Acting, empty: str) -> None:
        found = selectors.list_candidates(holding, actor)
        self.people = {str(user.pk): user for user, _ in found}
        choices = [("", empty), *((str(user.pk), f"{user.name}（{title}）") for user, title in found)]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]

    def clean_to(self) -> User | None:
        return self.people.get(self.cleaned_data["to"])


class ProposeForm(_WithPerson):
    kind = forms.ChoiceField(label="事项", choices=KINDS, widget=forms.RadioSelect, initial=LEAVE)
    since = forms.DateField(label="开始日期", widget=DateInput(), help_text="从这一天起由接手人办理。")
    until = forms.DateField(
        label="返岗日期",
        required=False,
        widget=DateInput(),
        help_text="请假填写；从这一天起岗位和未办结的事项回到本人。",
    )
    to = forms.ChoiceField(
        label="接手人", required=False, help_text="接手人确认后生效；到期没有人接手的，自动转上级代管。"
    )
    reason = forms.CharField(
        label="事由", max_length=200, help_text="例如产假、病假、进修、调离。不写病情等个人隐私。"
    )
    note = forms.CharField(
        label="交接说明", max_length=1000, required=False, widget=forms.Textarea({"rows": 4}),
        help_text="需要特别交代的事。不写儿童姓名和证件号码，写事项即可。",
    )  # fmt: skip

    def __init__(self, *args: Any, holding: Holding, actor: Acting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(holding, actor, "由上级指定")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("kind") == LEAVE and not given.get("until") and "until" not in self.errors:
            self.add_error("until", "请假应有返岗日期，请填写。")
        if given.get("kind") == LEAVING:
            given["until"] = None
        return given


class WordsForm(forms.Form):
    reason = forms.CharField(label="说明", max_length=500, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needed


class AssignForm(_WithPerson):
    to = forms.ChoiceField(label="接手人", error_messages={"required": "请选择接手人。"})
    successor = forms.BooleanField(
        label="正式接任", required=False, help_text="不勾选的为代班，直到任命新的任职人。"
    )
    reason = forms.CharField(label="说明", max_length=200)

    def __init__(self, *args: Any, found: HandOver, actor: Acting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert found.holding is not None
        self.offer(found.holding, actor, "请选择")
        if not (found.leaving and actor.may("network.manage") and permissions.supervises(actor, found.post)):
            del self.fields["successor"]
