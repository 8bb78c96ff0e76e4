"""Forms of moves and exits."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from hutong.domains.registry.forms import fields
from hutong.domains.registry.machines import move as machine
from hutong.domains.registry.models import Child, Move


class MoveForm(forms.Form):
    """What the sending side says. ``form_key`` makes a second click find the first one's move."""

    what = fields.choice("变更的是", machine.WHAT, required=True, tiles=True)
    to_area = fields.PlaceField(
        "转入地", required=False, help_text="尽量选到村（社区）；不知道哪个村的，选到乡镇或区县，由对方确定。"
    )
    outside = forms.BooleanField(
        label="对方未使用本系统，发函办理",
        required=False,
        help_text="由县级民政审核后发函，收到回执才办结；在此之前仍由本地负责。",
    )
    to_place = fields.text(
        "外地地名", 120, help_text="只在发函办理、列表中又没有该地时填写：省、市、县、乡镇。"
    )
    moved_on = fields.DayField("变更日期", help_text="实际迁居或迁户的日期。")
    reason = fields.choice("转移原因", machine.REASONS, required=True)
    words = fields.text(
        "情况说明", 500, required=True, area=True, help_text="随谁、住到哪里、由谁照料，有没有正在办的事。"
    )
    papers = fields.text("移交材料", 300, help_text="例如：纸质档案一册、委托照护协议、残疾证复印件。")
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, child: Child, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("form_key", uuid.uuid4())
        if child.hukou_area != child.residence_area:
            self.fields["what"].choices = [pair for pair in machine.WHAT.items() if pair[0] != "both"]  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    """After a split: one of the new places for each of the child's places that is gone."""

    def __init__(self, *args: Any, offered: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for column, pairs in offered.items():
            label = {"residence_area": "新的居住地", "hukou_area": "新的户籍地"}[column]
            self.fields[column] = forms.ChoiceField(
                label=label, choices=pairs, widget=forms.RadioSelect, error_messages=fields.REQUIRED
            )


class WordsForm(forms.Form):
    """A step that needs words, or may have them."""

    reason = fields.text("说明", 500, area=True)

    def __init__(self, *args: Any, move: Move | None = None, needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needed


class ReceiveForm(WordsForm):
    """Taking over; the village where the sending side did not know it."""

    place = fields.PlaceField("儿童现在所在的村（社区）", required=False)

    def __init__(self, *args: Any, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, needed=False, **kwargs)
        self.initial.setdefault("place", move.to_area)
        self.order_fields(["place", "reason"])


class MendForm(forms.Form):
    """A returned move, said better or for another place."""

    to_area = fields.PlaceField("转入地", required=False)
    words = fields.text("补正后的情况说明", 500, required=True, area=True)
    papers = fields.text("移交材料", 300)

    def __init__(self, *args: Any, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("to_area", "words", "papers"):
            self.initial.setdefault(name, getattr(move, name))
        if move.outside:
            del self.fields["to_area"]


class LetterForm(forms.Form):
    letter_no = fields.text("函号", 60, required=True, help_text="例如：甲县民函〔2026〕12号。")
    letter_to = fields.text("收函单位", 100, required=True)
    letter_on = fields.DayField("发函日期")
    reason = fields.text("审核意见", 500, area=True)

    def __init__(self, *args: Any, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class ReceiptForm(forms.Form):
    receipt_no = fields.text("回执编号", 60, required=True, help_text="口头答复的写明答复人和电话。")
    receipt_on = fields.DayField("回执日期")
    reason = fields.text("回执内容", 500, area=True)

    def __init__(self, *args: Any, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
