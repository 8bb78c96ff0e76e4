"""Form fields keep what was typed, escape it, and tie errors to their control (issue 2, item 11)."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django import forms
from django.template import engines
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.foundation.design import fields, widgets


def draw(source: str, **context: Any) -> str:
    return engines["jinja2"].from_string(source).render(context)


class Person(forms.Form):
    name = forms.CharField(label="姓名", max_length=20)
    birth = forms.DateField(label="出生日期", widget=widgets.DateInput())
    status = forms.ChoiceField(
        label="监护状况", widget=forms.RadioSelect, choices=[("GOOD", "较好"), ("POOR", "较差")]
    )
    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), ("甲组", [("a", "甲一")]), ("b", "乙")])
    needs = forms.MultipleChoiceField(
        label="需要",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("m", "补助"), ("s", "助学")],
    )
    area = forms.CharField(
        label="居住地", widget=widgets.PlaceInput("/find/", label_of=lambda code: f"村 {code}")
    )
    number = forms.CharField(label="证件号码", required=False, widget=widgets.PrivateInput())
    secret = forms.CharField(label="密码", required=False, widget=forms.PasswordInput)
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea)
    sure = forms.BooleanField(label="已核对")


TYPED = {
    "name": "名字太长了" * 5,
    "birth": "2026-02-31",
    "status": "POOR",
    "kind": "a",
    "needs": ["s"],
    "area": "",
    "area__label": "石桥",
    "secret": "hunter2-hunter2",
    "note": "\n第一行\n<script>alert(1)</script>",
    "sure": "on",
}


def drawn(name: str, form: forms.Form) -> str:
    return draw("{{ ui.render_field(field) }}", field=form[name])


def test_a_refused_form_shows_what_was_typed():
    form = Person(TYPED)
    assert not form.is_valid()
    assert f'value="{TYPED["name"]}"' in drawn("name", form)
    assert 'value="2026-02-31"' in drawn("birth", form)
    assert re.search(r'value="POOR" checked', drawn("status", form))
    assert re.search(r'<optgroup label="甲组"><option value="a" selected>', drawn("kind", form))
    assert re.search(r'value="s" checked', drawn("needs", form))
    assert 'value="m" checked' not in drawn("needs", form)
    assert 'name="area__label" id="id_area" value="石桥"' in drawn("area", form)
    assert "\n\n第一行" in drawn("note", form), "the browser drops the first line break of a text area"
    assert " checked" in drawn("sure", form)


def test_what_was_typed_is_never_markup():
    note = drawn("note", Person(TYPED))
    assert "<script>" not in note
    assert "&lt;script&gt;" in note


def test_passwords_are_not_sent_back():
    assert "hunter2" not in drawn("secret", Person(TYPED))


def test_errors_are_read_with_their_control():
    name = drawn("name", Person(TYPED))
    assert 'aria-invalid="true"' in name
    described = re.search(r'aria-describedby="([^"]+)"', name)
    assert described
    for target in described[1].split():
        assert f'id="{target}"' in name
    assert "aria-invalid" not in drawn("number", Person(TYPED))


def test_errors_stand_together_above_with_links_to_fields():
    above = draw("{{ ui.form_errors(form) }}", form=Person(TYPED))
    assert 'role="alert"' in above
    assert '<a href="#id_birth">出生日期</a>' in above
    assert "3 处" in above
    assert draw("{{ ui.form_errors(form) }}", form=Person()).strip() == ""


def test_ids_are_marked_private():
    number = drawn("number", Person())
    assert "data-private" in number
    assert 'autocomplete="off"' in number


def test_a_stored_place_is_shown_in_words():
    stored = drawn("area", Person(initial={"area": "990101101201"}))
    assert 'name="area" value="990101101201"' in stored
    assert 'value="村 990101101201"' in stored


def test_optional_fields_say_so_and_required_ones_are_marked_for_the_browser():
    assert "（选填）" in drawn("note", Person())
    assert " required" in drawn("name", Person())
    assert 'maxlength="20"' in drawn("name", Person())


def test_a_widget_we_do_not_know_is_drawn_by_django():
    class When(forms.Form):
        at = forms.SplitDateTimeField(label="时间")

    assert drawn("at", When()).count("<input") == 2


@settings(max_examples=60)
@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
)
def test_any_text_comes_back_unharmed(text: str):
    form = Person({"name": text})
    value = re.search(r' value="([^"]*)"', drawn("name", form))
    assert value is not None
    assert html.unescape(value[1]) == text
    assert fields.present(form["name"]).value == text


@pytest.mark.parametrize("prefix", ["", "kin"])
def test_names_follow_the_prefix(prefix: str):
    view = fields.present(Person(prefix=prefix or None)["area"])
    assert view.name == (f"{prefix}-area" if prefix else "area")
    assert view.id == f"id_{view.name}"
