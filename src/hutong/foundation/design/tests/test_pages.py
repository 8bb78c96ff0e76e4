"""The shell, fragments and the words of dates and amounts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import jinja2
import pytest
from django.template import engines
from django.test import RequestFactory

from hutong.foundation.design import examples, fragments, wording
from hutong.foundation.design.shell import NavItem, Shell
from hutong.kernel import clock

TEMPLATE = "design/gallery.html"


def page(headers: dict[str, str] | None = None, block: str = "", **context: object) -> str:
    request = RequestFactory().get("/", headers=headers or {})
    given = {"names": [], "sources": {}, "shell": Shell()} | context
    return fragments.render(request, TEMPLATE, given, block=block).content.decode()


def test_htmx_gets_the_block_and_everybody_else_the_page():
    whole = page(block="content")
    assert whole.startswith("<!doctype html>")
    assert "<html" not in page({"HX-Request": "true"}, block="content")
    assert page({"HX-Request": "true", "HX-Boosted": "true"}, block="content").startswith("<!doctype html>")
    assert page({"HX-Request": "true", "HX-History-Restore-Request": "true"}, block="content").startswith(
        "<!doctype"
    )


def test_components_are_known_in_a_block_alone():
    given = examples.context(RequestFactory().get("/")) | {"names": ["badge"], "sources": {"badge": ""}}
    assert "长期未走访" in page({"HX-Request": "true"}, block="content", **given)


def test_the_answer_varies_with_htmx():
    response = fragments.render(
        RequestFactory().get("/"), TEMPLATE, {"names": [], "sources": {}, "shell": Shell()}
    )
    assert response["Vary"] == "HX-Request"


def test_the_frame_stands_only_around_a_signed_in_user():
    framed = page(shell=examples.SHELL)
    assert 'aria-current="page"' in framed
    assert "石桥村儿童主任" in framed
    assert "3 条未读" in framed
    assert "切换岗位" in framed
    bare = page()
    assert 'class="nav"' not in bare
    assert 'role="search"' not in bare


def test_five_entries_fit_the_tab_bar_and_more_go_under_a_menu():
    five = tuple(NavItem(f"项{at}", "/") for at in range(5))
    assert "更多" not in page(shell=Shell(user_name="甲", nav=five))
    assert "更多" in page(shell=Shell(user_name="甲", nav=(*five, NavItem("项5", "/"))))


def test_every_page_is_chinese_skippable_and_keeps_no_history_of_children_in_the_browser():
    html = page(shell=examples.SHELL)
    assert '<html lang="zh-CN">' in html
    assert 'href="#main"' in html
    assert '"historyCacheSize":0' in html


def test_an_unknown_name_is_an_error_not_a_blank():
    with pytest.raises(jinja2.UndefinedError):
        engines["jinja2"].from_string("{{ forgotten }}").render({})
    with pytest.raises(jinja2.UndefinedError, match="nothing"):
        engines["jinja2"].from_string("{{ ui.nothing() }}").render({})


def test_dates_amounts_and_numbers_in_words():
    assert wording.day(date(2026, 11, 22)) == "2026-11-22（周日）"
    assert wording.day(datetime(2026, 11, 22, 17, tzinfo=UTC)) == "2026-11-23（周一）"
    assert wording.moment(datetime(2026, 11, 22, 1, 5, tzinfo=UTC)) == "2026-11-22 09:05"
    assert wording.yuan(125600) == "1,256.00 元"
    assert wording.number(11034) == "11,034"
    assert [wording.day(None), wording.moment(None), wording.yuan(None), wording.number(None)] == ["—"] * 4


@pytest.mark.parametrize(
    ("ahead", "words", "tone"),
    [
        (-3, "逾期 3 天", "danger"),
        (0, "今天", "warn"),
        (1, "明天", "warn"),
        (4, "2026-11-26（周四）", "plain"),
    ],
)
def test_due_dates(ahead: int, words: str, tone: str):
    with clock.frozen(date(2026, 11, 22)):
        seen = wording.due(date(2026, 11, 22 + ahead))
    assert (seen.words, seen.tone) == (words, tone)


def test_an_explanation_tells_unknown_from_no():
    html = engines["jinja2"].from_string("{{ ui.why(node) }}").render({"node": examples.EXPLANATION})
    assert html.count("不明") == 2
    assert html.count("符合") == 2
    assert "不符合" not in html


def test_two_versions_side_by_side():
    rows = [
        {"label": "a", "left": "1", "right": "1"},
        {"label": "b", "left": "1", "right": "2"},
        {"label": "c", "left": "", "right": "2"},
    ]
    html = engines["jinja2"].from_string('{{ ui.split(rows, "左", "右") }}').render({"rows": rows})
    assert [html.count(f'<tr class="{state}">') for state in ("same", "different", "blank")] == [1, 1, 1]


def test_a_job_asks_again_only_while_it_runs():
    template = engines["jinja2"].from_string(
        '{{ ui.job("/j/", "比对", 40, "4 / 10", state=state, cancel_url="/c/") }}'
    )
    assert "every 2s" in template.render({"state": "running"})
    for state in ("done", "failed", "cancelled"):
        assert "hx-" not in template.render({"state": state})
