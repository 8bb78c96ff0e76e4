"""The township's supervisor: sees what is open, hands it on, approves a new file."""

from __future__ import annotations

import re
import time

import pytest

from .conftest import Person

pytestmark = pytest.mark.browser


def test_open_work_is_seen_and_handed_to_somebody_else(at_desk: Person, someone: Person) -> None:
    """R-02.02: by place, kind and lateness; a reason is needed and the former holder no longer has it."""
    supervisor = at_desk.signs_in("qianjiang.supervisor").opens("/work/supervise/")
    supervisor.sees("文汇社区儿童主任").photographs("worklist-supervision")
    title = supervisor.main.get_by_role("link", name=re.compile("应退未退")).first.inner_text()
    supervisor.follows(title).sees("承办岗位")
    to = supervisor.main.locator("[name=to] option", has_text="城东街道儿童督导员").first.get_attribute(
        "value"
    )
    supervisor.fills(to=to or "").presses("改派")
    supervisor.sees("请写明改派理由。")
    supervisor.fills(reason="儿童主任外出培训两周，由督导员核实。").presses("改派").sees(
        "儿童主任外出培训两周"
    )
    supervisor.opens("/").sees(title)
    someone.signs_in("qianjiang.director").opens("/").does_not_see(title)


def test_a_new_file_is_searched_for_compared_and_approved(on_phone: Person, at_desk: Person) -> None:
    """R-03.01: search first, judge the look-alike, submit; another person approves."""
    director = on_phone.signs_in("qianjiang.director")
    name, birth, sex = somebody_of_the_village(director)
    director.opens("/children/").fills(q=name).presses("查找").sees(name)
    director.presses("不在其中，新建").sees("新建儿童档案")
    director.fills(sex=sex, birth_date=birth, id_kind="NONE", lives_with="relatives").presses(
        "保存并提交审核"
    )
    director.sees("可能已有档案", name).photographs("doubles")
    director.main.locator("input[name^=judge-]").first.fill(
        f"堂亲同名，出生时辰和父母都不同（{time.time():.0f}）"
    )
    for more in director.main.locator("input[name^=judge-]").all()[1:]:
        more.fill("父母姓名不同，已当面核对")
    director.presses("保存并提交审核").sees("已提交审核", "待审核")
    file = director.page.url

    supervisor = at_desk.signs_in("qianjiang.supervisor").opens(file).sees("待审核")
    supervisor.follows("审核通过").answers(re.compile("审核通过|确定|保存|提交"))
    supervisor.opens(file).sees("在管").does_not_see("待审核")
    supervisor.photographs("child-page")


def somebody_of_the_village(person: Person) -> tuple[str, str, str]:
    """Name, day of birth and sex (contract code) of a child with a lead: looks like whoever is entered next."""
    person.page.goto(f"{person.site.url}/leads/all/")
    person.main.locator("table td a").first.click()
    person.follows("打开档案").sees("基本信息")
    name = person.reads("h1").split()[0]
    said = person.reads("#identity")
    birth = re.search(r"\d{4}-\d{2}-\d{2}", said)
    assert birth
    return name, birth.group(), "1" if "男" in said else "2"
