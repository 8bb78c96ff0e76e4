"""Forms on offers and above their lists."""

from __future__ import annotations

from typing import Any

from django import forms

from hutong.domains.outreach.machines import offer as machine
from hutong.domains.outreach.models import Offer
from hutong.domains.outreach.selectors import PROGRESS
from hutong.domains.outreach.services.acting import EVENTS
from hutong.domains.policy import selectors as policy
from hutong.foundation.design.widgets import DateInput
from hutong.kernel import clock


class ActForm(forms.Form):
    """What was done about one offer."""

    event = forms.ChoiceField(
        label="办理结果", widget=forms.RadioSelect, error_messages={"required": "请选择办理结果。"}
    )
    on = forms.DateField(
        label="办理日期", widget=DateInput(), error_messages={"required": "请填写办理日期。"}
    )
    words = forms.CharField(
        label="情况或理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明情况或理由。"},
        help_text="告知的写向谁说了什么；协助申请的写交到哪里；不申请、不符合的写明理由。",
    )

    def __init__(self, offer: Offer, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", offer.public_id)
        super().__init__(*args, **kwargs)
        steps = [one.event for one in machine.MACHINE.events_from(offer.state) if one.event in EVENTS]
        self.fields["event"].choices = [(event, EVENTS[event]) for event in steps]  # type: ignore[attr-defined]
        self.initial.setdefault("on", clock.today())


class FilterForm(forms.Form):
    """The filters above a list of offers."""

    area = forms.ChoiceField(label="地方", required=False)
    progress = forms.ChoiceField(
        label="进展",
        required=False,
        choices=[("", "全部"), *((key, label) for key, (label, _) in PROGRESS.items())],
    )
    benefit = forms.ChoiceField(label="待遇", required=False)
    late = forms.ChoiceField(label="时限", required=False, choices=[("", "全部"), ("1", "只看逾期")])

    def __init__(self, places: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", "全部辖区"), *places]  # type: ignore[attr-defined]
        self.fields["benefit"].choices = [("", "全部"), *policy.benefit_labels().items()]  # type: ignore[attr-defined]
