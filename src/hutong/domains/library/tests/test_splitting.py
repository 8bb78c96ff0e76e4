"""Official numbering in all its forms (R-43.01): nothing is lost, paths are as citations write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.domains.library.storage.splitting import split


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("某法\n第一章 总则\n第一条 甲。\n（一）子项\n第二条　乙。\n第二十一条之一 丙", ["第1条", "第2条", "第21条之一"]),
        ("一、甲\n（一）乙\n1.丙\n2．丁\n（二）戊\n二、己", ["一", "一（一）", "一（一）1", "一（一）2", "一（二）", "二"]),
        ("一、甲\n(一)乙\n1、丙", ["一", "一（一）", "一（一）1"]),
        ("　　一、甲\n 2023年，推进工作。\n 1.5倍的标准", ["一"]),
        ("第一章 发展\n第一节 成绩\n甲\n第二节 形势\n专栏1 指标\n第二章 任务\n第一节 乙", ["一章", "一章一节", "一章二节", "专栏1", "二章", "二章一节"]),
        ("没有编号的一段话。\n第二段。", [""]),
        ("", []),
    ],
)  # fmt: skip
def test_where_it_is_cut(text: str, numbers: list[str]) -> None:
    assert [one.number for one in split(text).pieces] == numbers


def test_what_does_not_follow_on_is_told() -> None:
    assert any("（四）" in one for one in split("一、甲\n（一）乙\n（二）丙\n（四）丁").notes), (
        "A18：缺（三）"
    )
    assert any("没有找到" in one for one in split("一段话。").notes)
    assert not split("一、甲\n二、乙").notes


def test_the_head_tells_number_title_and_day() -> None:
    found = split(
        "甲县民政局文件\n甲民发[2026] 3 号\n关于印发《甲县儿童守护行动方案》的通知\n一、甲\n2026年2月30日\n2026年2月28日"
    )
    assert (found.number, found.title, found.issued_on) == (
        "甲民发〔2026〕3号",
        "甲县儿童守护行动方案",
        "2026-02-28",
    )


@given(st.text(alphabet="一二三十（）()、.．1第条章节\n甲乙。 ", max_size=200))
def test_nothing_is_lost(text: str) -> None:
    """Every character of the text that is not numbering, space or a chapter's line stands in the head or in a piece."""
    found = split(text)
    kept = found.head + "".join(one.original for one in found.pieces)
    if "章" not in text and "节" not in text:
        assert sum(kept.count(c) for c in "甲乙") == sum(text.count(c) for c in "甲乙")
