"""Forms of the worklist."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse

from hutong.foundation.access.acting import Acting
from hutong.foundation.accounts.rights import ROLES
from hutong.foundation.design.widgets import PlaceInput
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import kinds, selectors
from hutong.foundation.workflow.models import WorkItem
from hutong.kernel import areas

WORKING_ROLES = [code for code, role in ROLES.items() if "work.do" in role.rights]
SHOWN = 200


def _place(code: str) -> str:
    """The path of a stored code; '' for what is no code at all (a changed address)."""
    try:
        return network.area_path(code)
    except areas.AreaCodeError:
        return ""


class SuperviseFilter(forms.Form):
    """What a supervisor narrows the range's worklist by."""

    area = forms.CharField(label="地点", required=False, max_length=12)
    kind = forms.ChoiceField(label="类别", required=False)
    state = forms.ChoiceField(
        label="情况",
        required=False,
        choices=[
            ("", "全部"),
            ("late", "已逾期"),
            ("soon", "三天内到期"),
            ("unowned", "岗位无人"),
            ("paused", "已暂停"),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].widget = PlaceInput(reverse("network:find_areas"), _place)
        self.fields["kind"].choices = [("", "全部"), *kinds.choices()]  # type: ignore[attr-defined]

    def clean_area(self) -> str:
        code = str(self.cleaned_data["area"])
        if not code:
            return ""
        try:
            return areas.pad(code)
        except areas.AreaCodeError:
            raise forms.ValidationError("请从列表中选择地点。") from None


class PostChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title}（{'在岗' if obj.held else '无人在岗'}）"


class ReassignForm(forms.Form):
    """Which post takes the item over, and why."""

    to = PostChoice(
        label="改派给",
        queryset=Post.objects.none(),
        empty_label="请选择岗位",
        error_messages={"required": "请选择改派给哪个岗位。"},
    )
    reason = forms.CharField(
        label="理由",
        max_length=500,
        error_messages={"required": "请写明改派理由。"},
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写明为什么改派，原承办岗位能看到。",
    )

    def __init__(self, *args: Any, item: WorkItem, actor: Acting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = candidates(item, actor)  # type: ignore[attr-defined]


def candidates(item: WorkItem, actor: Acting) -> QuerySet[Post]:
    """Working posts of the actor's range near the item: its township and whatever stands above it."""
    lo, hi = areas.bounds(areas.parent(item.area_code) or item.area_code)
    near = Q(area_code__gte=lo, area_code__lt=hi) | Q(area_code__in=areas.ancestors(item.area_code))
    found = Post.objects.filter(near, active=True, role__in=WORKING_ROLES).exclude(pk=item.owner_post_id)
    found = found.filter(area_code__gte=actor.scope.lo, area_code__lt=actor.scope.hi)
    return found.annotate(held=selectors.is_held("pk")).order_by("area_code", "role", "pk")
