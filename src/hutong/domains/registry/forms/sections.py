"""What is added to a file one by one: each section's form and the service that saves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from hutong.domains.registry import services
from hutong.domains.registry.forms import fields
from hutong.domains.registry.machines import wording
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting


class CircumstanceForm(forms.Form):
    subject = fields.choice(
        "谁的情形", {k: v for k, v in wording.SUBJECTS.items() if k != "person"}, required=True, tiles=True
    )
    kind = fields.choice("情形", wording.CIRCUMSTANCES, required=True)
    since = fields.DayField("起")
    until = fields.DayField(
        "止", required=False, future=True, help_text="仍在持续的留空；有期限的（如刑期）填届满日。"
    )
    detail = fields.text("说明", help_text="服刑等写种类，残疾写类别和等级（如：肢体 2级）。")
    evidence = fields.text("依据", required=True, help_text="文书名称和编号，或入户了解的情况。")
    source = fields.text("来源单位", 100, help_text="例如：县人民法院、县残联、本村走访。")


class KinForm(forms.Form):
    relation = fields.choice("与儿童的关系", wording.RELATIONS, required=True)
    name = fields.text("姓名", 80, required=True)
    id_number = fields.id_number(help_text="填了身份证号，系统会自动与其他儿童名下的同一人合为一人。")
    sex = forms.TypedChoiceField(
        label="性别",
        choices=[("", "未了解"), *wording.SEXES.items()],
        coerce=int,
        required=False,
        empty_value=None,
    )
    birth_date = fields.DayField("出生日期", required=False)
    area_code = fields.PlaceField("户籍地", required=False)
    phone = fields.phone()
    since = fields.DayField("关系起始", required=False, help_text="出生起即为父母的不必填。")
    custody = fields.yes_no("直接抚养儿童")


class GuardForm(forms.Form):
    value = fields.choice("监护状况", wording.GUARD, required=True, tiles=True)
    since = fields.DayField("自何日起")
    basis = fields.text("评定依据", required=True, area=True)


class RegimeForm(forms.Form):
    kind = fields.choice("监护方式", wording.REGIMES, required=True)
    who = fields.text("监护人或机构", 120, required=True)
    since = fields.DayField("自何日起")
    basis = fields.text("依据", required=True, help_text="协议、判决、决定的名称和编号。")


class SchoolingForm(forms.Form):
    stage = fields.choice("学段", wording.STAGES, required=True)
    school_name = fields.text("学校", 100)
    grade = fields.text("年级", 20)
    full_time = fields.yes_no("全日制")
    since = fields.DayField("自何日起")
    source = fields.text("信息来源", 100)


class HealthForm(forms.Form):
    summary = fields.text("健康情况", required=True, help_text="须单独保管的诊断不在这里登记。")
    needs = fields.text("需要的照料")
    since = fields.DayField("自何日起")
    source = fields.text("信息来源", 100)


Save = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    form: type[forms.Form]
    save: Save
    done: str


def _kin(child: Child, *, actor: Acting, relation: str, **facts: Any) -> Any:
    return services.add_kin(child, actor=actor, relation=relation, facts=facts)


SECTIONS: dict[str, Section] = {
    "circumstance": Section("登记情形", CircumstanceForm, services.add_circumstance, "情形已登记。"),
    "kin": Section("添加亲属", KinForm, _kin, "亲属已添加。"),
    "guard": Section("评定监护状况", GuardForm, services.set_guard, "监护状况已更新，原状况已截止。"),
    "regime": Section("变更监护方式", RegimeForm, services.set_regime, "监护方式已更新，原方式已截止。"),
    "schooling": Section("登记就学", SchoolingForm, services.add_schooling, "就学情况已登记。"),
    "health": Section("登记健康情况", HealthForm, services.add_health, "健康情况已登记。"),
}


class EndKinForm(forms.Form):
    until = fields.DayField("关系结束日期")
    reason = fields.text("原因", required=True)


class CorrectForm(forms.Form):
    """Ending a circumstance or withdrawing it."""

    act = forms.ChoiceField(
        label="如何更正",
        choices=[("end", "情形已经结束"), ("withdraw", "登记有误，作废")],
        widget=forms.RadioSelect,
        error_messages=fields.REQUIRED,
    )
    until = fields.DayField("结束日期", required=False)
    reason = fields.text("依据或原因", required=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("act") == "end" and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", "请填写结束日期。")
        return cleaned


class StepForm(forms.Form):
    """Words that go with a step of the file."""

    reason = fields.text("说明", 200, area=True)

    def __init__(self, *args: Any, needs_reason: bool = False, closing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needs_reason or closing
        if closing:
            self.fields["close_reason"] = fields.choice(
                "退出原因", wording.CLOSE_REASONS, required=True, tiles=True
            )
            self.fields["happened_on"] = fields.DayField("发生日期", required=False)
            self.order_fields(["close_reason", "happened_on", "reason"])
