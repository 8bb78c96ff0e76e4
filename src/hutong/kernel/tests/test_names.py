"""Names (R-03.*; issue B.5, C.13): spelling, pinyin with surname readings, likeness. Fictitious persons only."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from hutong.kernel import names

HAN = st.text("王李张曾单欧阳长孙尉迟司马伟芳娜小明雨泽己已晴睛·买提艾力重乐", min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" 王 小\u3000明 ", "王小明"),
        ("艾力•买买提", "艾力·买买提"),
        ("艾力・买买提", "艾力·买买提"),
        ("艾力．买买提", "艾力·买买提"),
        ("艾力‧买买提", "艾力·买买提"),
        ("艾力 . 买买提", "艾力·买买提"),
        ("·艾力··买买提·", "艾力·买买提"),
        ("Ｊｏｈｎ", "John"),
        ("", ""),
    ],
)
def test_one_spelling_is_stored(typed: str, stored: str) -> None:
    assert names.clean(typed) == stored


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("曾小乐", "zengxiaole", "zxl"),
        ("单雨泽", "shanyuze", "syz"),
        ("仇明", "qiuming", "qm"),
        ("解小明", "xiexiaoming", "xxm"),
        ("查明", "zhaming", "zm"),
        ("朴小明", "piaoxiaoming", "pxm"),
        ("区明", "ouming", "om"),
        ("翟芳", "zhaifang", "zf"),
        ("任芳", "renfang", "rf"),
        ("华芳", "huafang", "hf"),
        ("盖芳", "gefang", "gf"),
        ("吕芳", "lvfang", "lf"),
        ("尉迟小明", "yuchixiaoming", "ycxm"),
        ("万俟芳", "moqifang", "mqf"),
        ("长孙小明", "zhangsunxiaoming", "zsxm"),
        ("单于", "shanyu", "sy"),
        ("单于芳", "chanyufang", "cyf"),
        ("艾力·买买提", "ailimaimaiti", "almmt"),
        ("单·买提", "danmaiti", "dmt"),
        ("王John", "wangjohn", "wj"),
    ],
)
def test_pinyin_and_initials(name: str, pinyin: str, initials: str) -> None:
    assert (names.pinyin(name), names.initials(name)) == (pinyin, initials)
    assert names.pinyin_grams(name) == {pinyin, initials}


@given(st.text("伟芳娜小明雨泽晴重阳朝长乐行宁朵单曾骏珈𠮷", min_size=1, max_size=3))
def test_given_names_read_as_the_dictionary_reads_them(given_name: str) -> None:
    expected = [
        "ji" if s == "𠮷" else s for run in lazy_pinyin(given_name) for s in ([run] if run.isascii() else run)
    ]
    assert names.syllables("王" + given_name) == ("wang", *expected)


def test_rare_characters_keep_their_place() -> None:
    """A character outside the dictionary stands for itself, so that the others are still found."""
    assert names.syllables("王\U00030000明") == ("wang", "\U00030000", "ming")


@given(HAN)
def test_grams_are_the_characters_and_pairs_and_find_every_part(name: str) -> None:
    letters = names.clean(name).replace("·", "")
    found = names.grams(name)
    assert all(letters[i : i + width] in found for width in (1, 2) for i in range(len(letters) - width + 1))
    assert all(gram in letters for gram in found)


@pytest.mark.parametrize(
    ("a", "b", "grade"),
    [
        ("王小明", "王 小明", names.SAME),
        ("艾力·买买提", "艾力•买买提", names.SAME),
        ("艾力·买买提", "艾力买买提", names.DOTS_DIFFER),
        ("张伟", "张玮", names.SOUND),
        ("付小明", "傅小明", names.SOUND),
        ("张己", "张已", names.LOOK),
        ("王晴雨", "王睛雨", names.LOOK),
        ("张兰", "张南", names.NEAR_SOUND),
        ("王小明", "王小红", names.ONE_CHARACTER),
        ("王小明", "王明", names.ONE_MISSING),
        ("艾力·买买提", "艾力", names.ONE_MISSING),
        ("王小雨", "王雨小", names.SWAPPED),
        ("李小雨", "王小雨", names.GIVEN_ONLY),
        ("王小雨", "王泽芳", names.SURNAME_ONLY),
        ("张伟", "张强", names.SURNAME_ONLY),
        ("司马芳", "司徒伟", names.DIFFERENT),
        ("张伟", "李芳", names.DIFFERENT),
        ("张伟", "", names.DIFFERENT),
        ("郑伟", "邓伟", names.DIFFERENT),
    ],
)
def test_grades_of_likeness(a: str, b: str, grade: float) -> None:
    assert names.similarity(a, b) == names.similarity(b, a) == grade


def test_the_grades_fall_in_order() -> None:
    grades = [
        names.SAME,
        names.DOTS_DIFFER,
        names.SOUND,
        names.LOOK,
        names.NEAR_SOUND,
        names.ONE_CHARACTER,
        names.ONE_MISSING,
        names.SWAPPED,
        names.GIVEN_ONLY,
        names.SURNAME_ONLY,
        names.DIFFERENT,
    ]
    assert grades == sorted(set(grades), reverse=True)


@given(HAN, HAN)
@settings(max_examples=200)
def test_likeness_is_symmetric_and_one_only_for_the_same(a: str, b: str) -> None:
    grade = names.similarity(a, b)
    assert grade == names.similarity(b, a)
    assert 0 <= grade <= 1
    assert (grade == names.SAME) == (names.clean(a) == names.clean(b) != "")


@given(HAN)
def test_a_name_sounds_and_looks_like_itself(name: str) -> None:
    known = bool(names.clean(name))
    assert names.sounds_alike(name, name) == names.looks_alike(name, name) == known


@given(st.text(max_size=12))
def test_any_text_can_be_handled(text: str) -> None:
    assert names.clean(names.clean(text)) == names.clean(text)
    assert len(names.initials(text)) == len(names.syllables(text))
    assert names.pinyin(text) == "".join(names.syllables(text))
