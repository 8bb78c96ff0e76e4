"""登记表 field by field: what is known is filled in, what is not stays blank, numbers as the right allows (law.md §24; R-03.05, R-46.01)."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from docx import Document

from hutong.domains.ledgers.data.forms import forms, usual
from hutong.domains.ledgers.presenters import filled
from hutong.domains.ledgers.presenters.sources import SOURCES
from hutong.domains.registry.models import Child, Circumstance, GuardianshipRegime, Kinship, Person
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.audit.models import Read
from hutong.kernel import ids

pytestmark = pytest.mark.django_db


@pytest.fixture
def child(make: Any, cast: SimpleNamespace) -> Child:
    """A left-behind child whose father works elsewhere; the mother is ill."""
    child = make(
        scheme="LB",
        lives_with="grandparents",
        guard="FAIR",
        school="primary",
        ethnic="土家族",
        entrusted=True,
    )
    with use_scope(system_scope("test")):
        father = Person(name="柳大河", sex=1, birth_date=date(1985, 2, 3))
        father.seal_id(ids.make("500199", date(1985, 2, 3), 11))
        father.save(force_insert=True)
        Kinship.objects.create(child=child, person=father, relation="father")
        for subject, kind, detail in (
            ("father", "migrant_work", "广东省东莞市"), ("mother", "serious_illness", "尿毒症"), ("child", "disability", "肢体二级"),
        ):  # fmt: skip
            Circumstance.objects.create(
                child=child, subject=subject, kind=kind, since=date(2024, 1, 1), detail=detail
            )
    return child


def url(child: Child, form: str, step: str = "") -> str:
    return f"/ledgers/forms/{child.public_id}/{form}/{step}"


def cells(child: Child, form: str, cast: SimpleNamespace, **given: Any) -> dict[str, str]:
    with use_scope(cast.county.scope):
        made = filled.fill(forms()[form], child, unit="甲县机构", mark="", **given)
    return {cell.label: cell.words for _, rows in made.sections for row in rows for cell in row}


def test_the_left_behind_form_of_2016(child: Child, cast: SimpleNamespace) -> None:
    found = cells(child, "left_behind", cast)
    assert found["姓名"] == child.name
    assert found["民族"] == "土家族"
    assert found["是否登记户口"] == "☑是　□否"
    assert found["身体状况"] == "□健康　☑残疾　□患病"
    assert found["残疾类别及等级"] == "肢体二级"
    assert "☑小学" in found["就学情况"]
    assert (found["父亲姓名"], found["父亲务工地"]) == ("柳大河", "广东省东莞市")
    assert found["一方外出、另一方无监护能力"] == "☑是　□否"
    assert found["父母双方外出务工"] == "□是　□否"  # not known to be so is not known not to be
    assert found["有无委托监护"] == "☑有　□无"
    assert found["监护类型"].endswith("☑一般　□较好")
    assert found["家庭主要经济来源"] == "□打工　□种养　□政府救助　□亲友接济　□其他"


def test_the_welfare_and_the_difficulty_form(child: Child, make: Any, cast: SimpleNamespace) -> None:
    orphan = make(scheme="ORPHAN-S")
    found = cells(orphan, "welfare", cast)
    assert "☑散居孤儿" in found["类别"]
    assert (found["认定日期"], found["月保障标准（元）"]) == ("2025-01-01", "1651.00")
    assert (found["认定文号"], found["开户银行"], found["银行账号"]) == ("", "", "")  # nothing is invented
    orphan.payee_name, orphan.payee_bank, orphan.payee_account = (
        "柳小雨",
        "某农商银行城东支行",
        "6228480000000012345",
    )
    found = cells(orphan, "welfare", cast)
    assert (found["户名"], found["开户银行"]) == ("柳小雨", "某农商银行城东支行")
    assert found["银行账号"] == "6228***********2345"
    found = cells(child, "difficulty", cast)
    assert found["类别"] == "□家庭困境　☑自身困境　☑监护困境"
    assert "母亲重病：尿毒症" in found["致困原因"]
    assert found["儿童主任"] == cast.director.user.name
    assert found["儿童督导员"] == cast.supervisor.user.name


def test_every_field_of_the_data_has_a_source_or_is_a_blank() -> None:
    for form in forms().values():
        assert form.source
        for section in form.sections:
            for row in section.rows:
                assert 1 <= len(row) <= 3
                for field in row:
                    assert not field.source or field.source in SOURCES, (form.code, field.label)
    assert usual({"LB"}) == "left_behind"
    assert usual({"ORPHAN-I"}) == "welfare"
    assert usual(set()) == "difficulty"


def test_the_page_prints_masked_and_is_a_reading(
    child: Child, client_as: Any, cast: SimpleNamespace, reason_for: Any
) -> None:
    reason_for("county", child)
    answer = client_as("director").get(url(child, "left_behind"))
    shown = unescape(answer.content.decode())
    with use_scope(system_scope("test")):
        assert child.id_number not in shown
        assert child.masked_id in shown
        assert "138****0001" in shown
        assert Read.objects.filter(child_id=child.pk, what="登记表").count() == 1
    assert "内部资料，严禁外传" in shown
    assert "需要完整证件号码" not in shown
    assert "需要完整证件号码" in client_as("county").get(url(child, "left_behind")).content.decode()
    assert client_as("county").get(url(child, "nonsense")).status_code == 404
    for member in ("stranger", "stranger_county", "clerk"):
        assert client_as(member).get(url(child, "left_behind")).status_code == 404


def text(content: bytes) -> str:
    paper = Document(io.BytesIO(content))
    return "\n".join(cell.text for table in paper.tables for row in table.rows for cell in row.cells)


@pytest.mark.parametrize("form", ["left_behind", "welfare", "difficulty"])
def test_as_word(child: Child, client_as: Any, cast: SimpleNamespace, form: str) -> None:
    answer = client_as("director").post(url(child, form, "file/"), {"clear_id": "on", "purpose": "VERIFY"})
    assert answer.status_code == 200
    said = text(answer.content)
    assert child.name in said
    with use_scope(system_scope("test")):
        assert child.id_number not in said  # the right is not hers, whatever she sends
    header = zipfile.ZipFile(io.BytesIO(answer.content)).read("word/header1.xml").decode()
    assert cast.director.label in header
    assert client_as("stranger").post(url(child, form, "file/")).status_code == 404


def test_complete_numbers_with_right_and_purpose(child: Child, client_as: Any, cast: SimpleNamespace) -> None:
    client = client_as("county")
    refused = client.post(url(child, "welfare", "file/"), {"clear_id": "on", "words": "给"})
    assert refused.status_code == 422
    assert "须有法定用途" in refused.content.decode()
    given = {"clear_id": "on", "purpose": "PAYMENT", "words": "开立补贴发放账户，交农商行"}
    answer = client.post(url(child, "welfare", "file/"), given)
    with use_scope(system_scope("test")):
        assert child.id_number in text(answer.content)
        read = Read.objects.get(what="登记表（完整号码）")
        assert "开立补贴发放账户" in read.purpose


def test_a_name_stays_text_in_word(make: Any, client_as: Any) -> None:
    child = make(name='=HYPERLINK("http://evil.example")', address="<w:p/>&")
    answer = client_as("director").post(url(child, "difficulty", "file/"))
    package = zipfile.ZipFile(io.BytesIO(answer.content))
    assert "=HYPERLINK(" in text(answer.content)
    assert "evil.example" not in package.read("word/_rels/document.xml.rels").decode()


def test_sealed_facts_and_adoption_are_on_no_form(child: Child, cast: SimpleNamespace) -> None:
    with use_scope(system_scope("test")):
        Circumstance.objects.create(
            child=child, subject="child", kind="adoptions", since=date(2024, 1, 1), detail="收养甲"
        )
        Child.objects.filter(pk=child.pk).update(adopted=True)
    for form in forms():
        assert "收养" not in "".join(cells(child, form, cast, clear=True).values())


def test_the_regime_names_the_guardian(child: Child, cast: SimpleNamespace) -> None:
    with use_scope(system_scope("test")):
        GuardianshipRegime.objects.create(
            child=child,
            kind="COURT_DESIGNATED",
            since=date(2026, 1, 1),
            who="柳大山",
            basis="（2026）甲民监 1 号",
        )
    found = cells(child, "welfare", cast)
    assert (found["监护人"], found["监护方式"], found["监护依据"]) == (
        "柳大山",
        "法院指定监护",
        "（2026）甲民监 1 号",
    )
