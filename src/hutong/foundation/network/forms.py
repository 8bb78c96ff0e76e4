"""Forms of the network pages."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.urls import reverse_lazy

from hutong.foundation.accounts import rights
from hutong.foundation.accounts.models import User
from hutong.foundation.design.widgets import DateInput, PlaceInput
from hutong.foundation.network import catalogue, selectors
from hutong.foundation.network.models import Area
from hutong.kernel import areas, clock

STATUSES = [
    ("operating", "运行中"),
    ("converting", "转型中"),
    ("converted", "已转型"),
    ("guidance", "指导中心"),
    ("closed", "已撤销"),
]
"""Conditions of an institution (A33)."""


def _label_of(code: str) -> str:
    """The full name beside a code; '' for what is no code, so that the form comes back with its sentence."""
    try:
        return selectors.area_path(code)
    except areas.AreaCodeError:
        return ""


class PlaceField(forms.CharField):
    """A known area by its code, picked by typing."""

    def __init__(self, **options: Any) -> None:
        widget = PlaceInput(cast(str, reverse_lazy("network:find_areas")), label_of=_label_of)
        super().__init__(widget=widget, max_length=12, **options)

    def clean(self, value: Any) -> str:
        code = str(super().clean(value) or "")
        if not code:
            return ""
        try:
            code = areas.pad(code)
        except areas.AreaCodeError as error:
            raise forms.ValidationError(str(error)) from error
        if not Area.objects.filter(code=code, valid_to__isnull=True).exists():
            raise forms.ValidationError("没有这个地区。请输入地名后从列表中选择。")
        return code


class PersonField(forms.CharField):
    """An active account by its user name."""

    def clean(self, value: Any) -> Any:
        name = str(super().clean(value)).strip().lower()
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise forms.ValidationError("没有这个用户名，或账号已停用。请先请安全管理员建立账号。")
        return user


class BodyFilter(forms.Form):
    area = PlaceField(label="地区", required=False)
    kind = forms.ChoiceField(label="类别", required=False)
    q = forms.CharField(label="名称或别名", required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "全部"), *_kinds()]  # type: ignore[attr-defined]


class BodyForm(forms.Form):
    name = forms.CharField(label="名称", max_length=100)
    kind = forms.ChoiceField(label="类别")
    area = PlaceField(label="所在地区", help_text="建立后不能更改。")
    usc = forms.CharField(label="统一社会信用代码", max_length=18, required=False)
    status = forms.ChoiceField(label="状况", choices=STATUSES)
    liaison = forms.CharField(label="联络员", max_length=60, required=False, help_text="姓名和办公电话。")
    report_contact = forms.CharField(label="强制报告联系人", max_length=60, required=False)
    aliases = forms.CharField(
        label="别名",
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="文件里出现过的其他名称，一行一个。",
    )

    def __init__(self, *args: Any, fixed_area: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = _kinds()  # type: ignore[attr-defined]
        if fixed_area:
            del self.fields["area"]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        kind = catalogue.kinds().get(facts.get("kind", ""))
        if kind and kind.reports and not facts.get("report_contact"):
            self.add_error("report_contact", f"{kind.name}负有强制报告义务，请登记一名联系人。")
        return facts

    def facts(self) -> dict[str, Any]:
        """What ``services.save_org`` takes."""
        return {
            name: self.cleaned_data[name]
            for name in ("name", "kind", "usc", "status", "liaison", "report_contact")
        }

    def alias_lines(self) -> tuple[str, ...]:
        return tuple(line.strip()[:100] for line in self.cleaned_data["aliases"].splitlines() if line.strip())


class PostForm(forms.Form):
    title = forms.CharField(label="岗位名称", max_length=80)
    role = forms.ChoiceField(
        label="角色",
        choices=[
            (role.code, role.label) for role in rights.ROLES.values() if role.code not in rights.MACHINES
        ],
    )
    area = PlaceField(label="辖区")


class AppointForm(forms.Form):
    person = PersonField(label="用户名", max_length=40)
    since = forms.DateField(label="任职开始日期", widget=DateInput())
    deputy = forms.BooleanField(label="代理（原任职人仍在岗）", required=False)
    until = forms.DateField(
        label="代理结束日期", required=False, widget=DateInput(), help_text="到这一天为止，当天不再代理。"
    )
    reason = forms.CharField(label="事由", max_length=200)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("deputy") and not facts.get("until"):
            self.add_error("until", "代理应有结束日期，请填写。")
        if not facts.get("deputy") and facts.get("until"):
            self.add_error("until", "正式任职不预先填结束日期；离任时再办理。")
        return facts


class EndForm(forms.Form):
    until = forms.DateField(
        label="离任日期", widget=DateInput(), help_text="从这一天起不再任职。", initial=lambda: clock.today()
    )
    reason = forms.CharField(label="事由", max_length=200)


def _kinds() -> list[tuple[str, str]]:
    return [(kind.code, kind.name) for kind in catalogue.kinds().values()]
