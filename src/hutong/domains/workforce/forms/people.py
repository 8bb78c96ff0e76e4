"""Forms of the real-name list."""

from __future__ import annotations

from typing import Any

from django import forms

from hutong.domains.workforce.models import QUALIFICATIONS, RESULTS
from hutong.domains.workforce.selectors import STATES
from hutong.foundation.accounts import rights
from hutong.foundation.design.widgets import DateInput, PrivateInput
from hutong.kernel import clock

_NEEDED = {"required": "此项必填。"}


class Day(forms.DateField):
    """A past or present day."""

    widget = DateInput

    def __init__(self, label: str, *, required: bool = True, help_text: str = "") -> None:
        words = _NEEDED | {"invalid": "日期不正确，请写成 2026-09-30。"}
        super().__init__(label=label, required=required, help_text=help_text, error_messages=words)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and (day > clock.today() or day.year < 1990):
            raise forms.ValidationError("日期晚于今天或过早，请核对。")
        return day


def _text(label: str, most: int, *, required: bool = False, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=help_text, error_messages=_NEEDED
    )


class TeamFilter(forms.Form):
    state = forms.ChoiceField(label="情况", required=False, choices=list(STATES.items()))
    area = forms.ChoiceField(label="地区", required=False)
    role = forms.ChoiceField(label="岗位", required=False)
    q = forms.CharField(label="姓名", required=False, max_length=40)

    def __init__(self, *args: Any, places: list[tuple[str, str]], roles: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", "全部"), *places]  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", "全部"), *[(code, rights.ROLES[code].label) for code in roles]]  # type: ignore[attr-defined]


class WorkerForm(forms.Form):
    name = _text("姓名", 40, required=True, help_text="与身份证一致。")
    id_number = forms.CharField(
        label="身份证号码",
        max_length=40,
        required=False,
        widget=PrivateInput({"inputmode": "text"}),
        help_text="加密保存，只显示首尾。已登记的留空即不改动。",
    )
    qualification = forms.ChoiceField(label="专业资格", choices=list(QUALIFICATIONS.items()))
    certificate = _text("资格证书编号", 60)


class TrainingForm(forms.Form):
    held_on = Day("培训日期")
    organiser = _text("举办单位", 100, required=True)
    topic = _text("内容", 200, help_text="家庭走访、信息更新、强制报告、政策链接、家庭教育指导等。")
    hours = forms.IntegerField(label="学时", required=False, min_value=1, max_value=500)
    examined_on = Day("考核日期", required=False, help_text="没有考核的不填。")
    passed = forms.TypedChoiceField(
        label="考核结果",
        required=False,
        choices=[("", "没有考核"), ("1", "合格"), ("0", "不合格")],
        coerce=lambda value: value == "1",
        empty_value=None,
    )
    certificate = _text("合格证编号", 60)


class CheckForm(forms.Form):
    done_on = Day("查询日期")
    result = forms.ChoiceField(
        label="结果",
        choices=list(RESULTS.items()),
        widget=forms.RadioSelect,
        error_messages=_NEEDED,
        help_text="只登记结论和回执编号，不登记、不上传违法犯罪记录本身。",
    )
    done_by = _text("查询单位", 100, required=True, help_text="公安机关、人民检察院等。")
    reference = _text("回执编号", 60)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="事由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明事由。"},
    )


class ImportForm(forms.Form):
    file = forms.FileField(label="名册（xlsx 或 csv）", error_messages={"required": "请选择文件。"})
    partial = forms.BooleanField(label="有不合格的行时，先导入合格的行", required=False)


class HandoutForm(forms.Form):
    purpose = _text("用途", 200, required=True, help_text="例如：上报全国儿童福利信息系统。")
