"""Forms on a lead's page and above its lists."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from hutong.domains.leads.models import ANSWERS, END_CODES, KINDS, Lead
from hutong.domains.leads.selectors import PROGRESS
from hutong.domains.leads.services import decisions
from hutong.foundation.access.acting import Acting
from hutong.foundation.design.widgets import DateInput
from hutong.foundation.network import selectors as network
from hutong.kernel import clock

HINTS = {
    "TRUE": "属实：写明见到的材料或人，如死亡证明、判决书、监护人陈述。",
    "FALSE": "不属实：写明实际情况，如“父亲健在，名单上是同名的另一人”。",
    "CHANGED": "情况有变：写明变成了什么，如“父亲已于上月刑满回家”。",
    "PENDING": "暂不能定：写明还缺什么，并填写下次核实日期。",
}


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """None, one or several files."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(one, initial) for one in given]


class VerdictForm(forms.Form):
    """Four answers; words always, a next day where it cannot be told yet."""

    answer = forms.ChoiceField(
        label="核实结论",
        choices=list(ANSWERS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择核实结论。"},
    )
    words = forms.CharField(
        label="核实情况",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写明核实到的情况。"},
        help_text="".join(HINTS.values()),
    )
    checked_on = forms.DateField(
        label="核实日期", widget=DateInput(), error_messages={"required": "请填写核实日期。"}
    )
    seen = forms.CharField(
        label="见到何人",
        max_length=100,
        error_messages={"required": "请写明见到了谁。"},
        help_text="如：儿童本人、祖母、邻居；电话核实的，写明与谁通话。",
    )
    next_check_on = forms.DateField(
        label="下次核实日期",
        required=False,
        widget=DateInput(),
        help_text="只在“暂不能定”时填写，最长 30 天内。",
    )
    papers = FilesField(
        label="照片或材料",
        required=False,
        help_text="照片、PDF、Word 或 Excel，可以一次选几个，每个 20 MB 以内。",
    )
    form_key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("checked_on", clock.today())
        self.initial.setdefault("form_key", uuid.uuid4().hex)

    def clean(self) -> dict[str, Any]:
        chosen: dict[str, Any] = super().clean() or {}
        if (
            chosen.get("answer") == "PENDING"
            and not chosen.get("next_check_on")
            and "next_check_on" not in self.errors
        ):
            self.add_error("next_check_on", "选“暂不能定”的，请填写下次核实日期。")
        return chosen


class DecisionForm(forms.Form):
    """Act or close, with the reason and words."""

    code = forms.ChoiceField(
        label="处理方式", widget=forms.RadioSelect, error_messages={"required": "请选择处理方式。"}
    )
    words = forms.CharField(
        label="处理说明",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明处理说明。"},
    )

    def __init__(self, lead: Lead, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = (*decisions.codes(lead), *decisions.CLOSE_CODES)
        self.fields["code"].choices = [(code, END_CODES[code]) for code in codes]  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    """Agree that it is not true, or send it back."""

    code = forms.ChoiceField(
        label="复核意见", widget=forms.RadioSelect, error_messages={"required": "请选择复核意见。"}
    )
    words = forms.CharField(
        label="复核说明",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明复核说明。"},
    )

    def __init__(self, lead: Lead, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreed = decisions.FALSE_CODES if lead.answer == "FALSE" else ()
        choices = [(code, f"同意不属实：{END_CODES[code]}") for code in agreed]
        self.fields["code"].choices = [*choices, ("BACK", "退回重核")]  # type: ignore[attr-defined]


class ReassignForm(forms.Form):
    """Another post of the range that verifies leads."""

    to = forms.ChoiceField(label="改派给", error_messages={"required": "请选择岗位。"})
    reason = forms.CharField(
        label="改派理由", max_length=300, error_messages={"required": "改派需要写明理由。"}
    )

    def __init__(self, lead: Lead, actor: Acting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        township = lead.area_code[:9]
        posts = [
            post
            for role in (network.DIRECTOR, network.SUPERVISOR)
            for post in network.list_posts(role=role, area_code=township, below=True)
            if actor.scope.covers(post.area_code)
        ]
        self.posts = {str(post.pk): post for post in [*posts, actor.post] if post.pk != lead.owner_post_id}
        choices = [("", "请选择"), *((key, post.title) for key, post in self.posts.items())]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]


class FilterForm(forms.Form):
    """The filters above a list of leads."""

    area = forms.ChoiceField(label="地方", required=False)
    kind = forms.ChoiceField(label="种类", required=False, choices=[("", "全部"), *KINDS.items()])
    progress = forms.ChoiceField(
        label="进展",
        required=False,
        choices=[("", "全部"), *((key, label) for key, (label, _) in PROGRESS.items())],
    )
    late = forms.ChoiceField(label="时限", required=False, choices=[("", "全部"), ("1", "只看逾期")])

    def __init__(self, places: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", "全部辖区"), *places]  # type: ignore[attr-defined]


class CorrectionForm(forms.Form):
    """What was sent to or answered by the department."""

    event = forms.ChoiceField(
        label="办理",
        widget=forms.RadioSelect,
        choices=[("send", "已反馈数据提供部门"), ("correct", "部门已更正"), ("uphold", "部门坚持原数据")],
        error_messages={"required": "请选择办理结果。"},
    )
    words = forms.CharField(
        label="反馈或答复内容",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明反馈或答复的内容。"},
    )
