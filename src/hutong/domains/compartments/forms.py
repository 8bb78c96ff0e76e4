"""Forms of the compartments. What a fact holds is here, by compartment; stored it is one sealed body."""

from __future__ import annotations

from typing import Any

from django import forms

from hutong.domains.compartments.models.base import PURPOSES
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.models import COMPARTMENTS
from hutong.foundation.accounts import rights
from hutong.foundation.accounts.models import User
from hutong.foundation.design.widgets import DateInput, PrivateInput
from hutong.foundation.network import selectors as network
from hutong.foundation.network.forms import PlaceField
from hutong.kernel import clock

_REQUIRED = {"required": "此项必填。", "invalid": "日期不正确，请写成 2026-09-30。"}


def _text(label: str, most: int = 200, *, required: bool = False, help_text: str = "", area: bool = False) -> forms.CharField:  # fmt: skip
    widget = forms.Textarea({"rows": 3}) if area else PrivateInput()
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=help_text, widget=widget, error_messages=_REQUIRED
    )  # fmt: skip


class PastDay(forms.DateField):
    widget = DateInput

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and day > clock.today():
            raise forms.ValidationError("日期晚于今天，请核对。")
        return day


class PurposeForm(forms.Form):
    """Asked before anything is shown."""

    purpose = forms.ChoiceField(
        label="用途", choices=list(PURPOSES.items()), widget=forms.RadioSelect, error_messages=_REQUIRED
    )
    words = _text("说明", help_text="选择“其他”时必填。此次查阅记入专管查阅记录。")


class HivForm(forms.Form):
    since = PastDay(label="确认日期", error_messages=_REQUIRED)
    source = _text("来源单位", 100, required=True)
    contact = _text("治疗随访机构和联系人", 200)
    evidence = _text("依据", 200, required=True, help_text="文书名称和编号。")


class AdoptionForm(forms.Form):
    registered_on = PastDay(label="登记日期", error_messages=_REQUIRED)
    office = _text("登记机关", 100, required=True)
    certificate = _text("收养登记证字号", 60)
    adopters = _text("收养人", 100)
    new_name = _text("收养后姓名", 60)
    new_place = _text("收养后住所", 200)
    evidence = _text("依据", 200, required=True, help_text="文书名称和编号。登记后整份档案一并转入专管。")


class AbuseForm(forms.Form):
    since = PastDay(label="发现日期", error_messages=_REQUIRED)
    kind = _text("情形", 200, required=True, area=True, help_text="只写事实：何时、何地、何种侵害。")
    suspect = _text("涉嫌人及与儿童的关系", 200)
    police = _text("公安受理单位和案号", 100)
    measures = _text("已采取的保护措施", 200, area=True)
    evidence = _text("依据", 200, required=True, help_text="文书名称和编号。")


class ReporterForm(forms.Form):
    reported_on = PastDay(label="报告日期", error_messages=_REQUIRED)
    name = _text("报告人", 60, required=True, help_text="匿名报告的写“匿名”。")
    contact = _text("联系方式", 60)
    relation = _text("单位或与儿童的关系", 100)
    wishes = _text("报告人对保密的要求", 200)


class ShieldForm(forms.Form):
    since = PastDay(label="开始日期", error_messages=_REQUIRED)
    place = _text("现住处", 200, required=True)
    contact = _text("照护人和联系方式", 100)
    from_whom = _text("须对谁保密", 100, required=True)
    until = forms.DateField(label="至", widget=DateInput, required=False, error_messages=_REQUIRED)
    evidence = _text("依据", 200, required=True, help_text="人身安全保护令、临时监护决定等文书名称和编号。")


FACT_FORMS: dict[str, type[forms.Form]] = {
    "hiv": HivForm, "adoption": AdoptionForm, "abuse": AbuseForm, "reporter": ReporterForm, "shield": ShieldForm,
}  # fmt: skip


class ReasonForm(forms.Form):
    reason = _text("事由", 200, required=True, area=True)


class ProposeForm(forms.Form):
    """Whom to name; only people in posts that may be named, within the actor's area."""

    compartment = forms.ChoiceField(
        label="专管类别",
        choices=list(COMPARTMENTS.items()),
        widget=forms.RadioSelect,
        error_messages=_REQUIRED,
    )
    user = forms.ChoiceField(label="人员", error_messages=_REQUIRED)
    area_code = PlaceField(label="范围", help_text="一般为本县（市、区）全域。")
    since = forms.DateField(label="起", widget=DateInput, error_messages=_REQUIRED)
    until = forms.DateField(
        label="止", widget=DateInput, required=False, help_text="到这一天为止，当天不再在名单；长期的留空。"
    )
    reason = _text("事由", 200, required=True, area=True)

    def __init__(self, *args: Any, actor: Acting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = [("", "请选择"), *_eligible(actor)]  # type: ignore[attr-defined]

    def clean_user(self) -> User:
        return User.objects.get(username=self.cleaned_data["user"])


def _eligible(actor: Acting) -> list[tuple[str, str]]:
    roles = [code for code in rights.ROLES if rights.has(code, "sealed.view")]
    posts = network.list_posts(area_code=actor.post.area_code, below=True).filter(role__in=roles)
    found = {
        holding.user.username: f"{holding.user.name}（{post.title}）"
        for post in posts.prefetch_related("holdings__user")
        for holding in post.holdings.all()
        if holding.since <= clock.today() and (holding.until is None or holding.until > clock.today())
    }
    return sorted((name, label) for name, label in found.items() if name != actor.user.username)
