"""The questions, in three steps; the answers of the steps before travel along in the page and are checked anew each time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.datastructures import MultiValueDict

from hutong.domains.outreach.self_check import answers
from hutong.kernel import clock

CHOOSE: Final = {"required": "请选择一项。", "invalid_choice": "请从选项中选择。"}
OLDEST: Final = 25


def _select(
    label: str, choices: list[tuple[str, str]], *, help_text: str = "", required: bool = True
) -> forms.ChoiceField:
    given = [("", "请选择"), *choices] if required else [("", "不适用"), *choices]
    return forms.ChoiceField(
        label=label, choices=given, required=required, help_text=help_text, error_messages=CHOOSE
    )


class Basics(forms.Form):
    """Whether the child is safe, how old, where registered."""

    danger = forms.MultipleChoiceField(
        label="孩子现在有没有下面的情况（没有就不选）",
        choices=answers.choices(answers.DANGERS),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages=CHOOSE,
    )
    year = _select("孩子哪一年出生", [])
    month = _select("几月出生", [(str(month), f"{month} 月") for month in range(1, 13)])
    area = forms.ChoiceField(
        label="孩子的户口在哪里",
        required=False,
        widget=forms.RadioSelect,
        help_text="各地政策不同。还没有上户口的，选父亲或母亲户口所在的地方。",
        error_messages=CHOOSE,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = clock.today().year
        years = [(str(year), f"{year} 年") for year in range(newest, newest - OLDEST, -1)]
        self.fields["year"].choices = [("", "请选择"), *years]  # type: ignore[attr-defined]
        places = answers.places()
        self.fields["area"].choices = places  # type: ignore[attr-defined]
        self.initial.setdefault("area", places[0][0])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        today = clock.today()
        if (
            given.get("year")
            and given.get("month")
            and (int(given["year"]), int(given["month"])) > (today.year, today.month)
        ):
            self.add_error("month", "出生年月不能晚于本月，请重新选择。")
        return given


class Parents(forms.Form):
    """What has become of father and mother."""

    father = _select("父亲现在的情况", answers.choices(answers.SITUATIONS))
    father_long = _select("父亲服刑、戒毒或失去联系的，有多久", answers.choices(answers.LONG), required=False)
    father_kind = _select("父亲有残疾的，哪一类", answers.choices(answers.DISABILITIES), required=False)
    father_grade = _select("父亲残疾人证上的等级", answers.choices(answers.GRADES), required=False)
    mother = _select("母亲现在的情况", answers.choices(answers.SITUATIONS))
    mother_long = _select("母亲服刑、戒毒或失去联系的，有多久", answers.choices(answers.LONG), required=False)
    mother_kind = _select("母亲有残疾的，哪一类", answers.choices(answers.DISABILITIES), required=False)
    mother_grade = _select("母亲残疾人证上的等级", answers.choices(answers.GRADES), required=False)


class More(forms.Form):
    """The child's own health, school and home."""

    lives_with = _select("孩子现在和谁一起生活", answers.choices(answers.LIVING))
    school = _select("孩子在读", answers.choices(answers.STAGES))
    disabled = _select("孩子有没有残疾", answers.choices(answers.YES_NO))
    kind = _select("有残疾的，哪一类", answers.choices(answers.DISABILITIES), required=False)
    grade = _select("残疾人证上的等级", answers.choices(answers.GRADES), required=False)
    autism = _select("有没有孤独症", answers.choices(answers.YES_NO))
    ill = _select("是不是患重病", answers.choices(answers.YES_NO))
    low_income = _select("家庭是不是", answers.choices(answers.INCOMES))
    was = _select("满 18 岁的，以前有没有认定过", answers.choices(answers.WAS), required=False)


STEPS: Final[tuple[tuple[str, type[forms.Form]], ...]] = (
    ("孩子是不是安全、多大", Basics),
    ("父母的情况", Parents),
    ("孩子的健康、上学和家庭", More),
)


def filled(step: int, data: MultiValueDict[str, Any]) -> forms.Form:
    """The form of a step (from 1) with what was sent."""
    return STEPS[step - 1][1](data)


def again(step: int, data: MultiValueDict[str, Any]) -> forms.Form:
    """The form of a step as it was answered, without complaints."""
    kind = STEPS[step - 1][1]
    fields = kind.base_fields
    many = {name for name, field in fields.items() if isinstance(field, forms.MultipleChoiceField)}
    return kind(
        initial={
            name: data.getlist(name) if name in many else data.get(name) for name in fields if name in data
        }
    )


def carried(form: forms.Form) -> list[tuple[str, str]]:
    """The answers of a step as hidden fields: what the form knows, nothing else."""
    given: Mapping[str, Any] = form.cleaned_data
    pairs = []
    for name, value in given.items():
        pairs += [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
    return pairs
