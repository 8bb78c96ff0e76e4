"""Exports under control: purpose, cap, second person, mark, expiry, log (TM-06, WX-02, R-46.01)."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.test import Client

from hutong.domains.ledgers import services
from hutong.domains.ledgers.models import Download, ExportRequest
from hutong.domains.ledgers.selectors import Asked
from hutong.domains.ledgers.services.errors import Refused
from hutong.domains.ledgers.tests.conftest import TODAY, WORDS, settle, sheet_rows
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.audit.models import Read
from hutong.foundation.documents import store
from hutong.foundation.documents.models import Document
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import LongJob, WorkItem
from hutong.kernel import clock

pytestmark = pytest.mark.django_db
ALL = Asked("all", "990101000000", "residence")
DEFACTO = Asked("defacto", "990101000000", "residence")


def ask(actor: Any, asked: Asked = DEFACTO, **given: Any) -> ExportRequest:
    values = {"form": "xlsx", "purpose": "WORK", "words": WORDS} | given
    with use_scope(actor.scope):
        return services.ask(actor=actor, asked=asked, **values)


def reload(request: ExportRequest) -> ExportRequest:
    with use_scope(system_scope("test")):
        return ExportRequest.objects.get(pk=request.pk)


def approve(request: ExportRequest, actor: Any) -> None:
    with use_scope(actor.scope):
        services.approve(request=ExportRequest.objects.get(pk=request.pk), actor=actor)


def take(request: ExportRequest, actor: Any) -> bytes:
    with use_scope(actor.scope):
        return services.take(request=ExportRequest.objects.get(pk=request.pk), actor=actor)[1]


def url(request: ExportRequest, step: str = "") -> str:
    return f"/ledgers/exports/{request.public_id}/{step}"


def test_a_small_ledger_is_made_at_once_and_recorded(
    make: Any, cast: SimpleNamespace, client_as: Any
) -> None:
    children = make(3, scheme="DEFACTO")
    request = ask(cast.supervisor, Asked("defacto", "990101101000", "residence"))
    settle()
    client = client_as("supervisor")
    answer = client.post(url(request, "file/"))
    assert answer["Content-Disposition"].startswith("attachment")
    rows = sheet_rows(answer.content)
    flat = "\n".join(str(cell) for row in rows for cell in row)
    assert rows[0][0] == "示例省示例市甲县东镇事实无人抚养儿童台账" or "东镇事实无人抚养儿童台账" in flat
    for child in children:
        assert child.name in flat
    for words in (
        request.number,
        cast.supervisor.label,
        "2026-10-12 09:00",
        "制表人：",
        "截止日期：2026-10-12",
    ):
        assert words in flat
    with use_scope(system_scope("test")):
        assert "500199" not in flat  # WX-02: no ID in clear
        assert "13800000001" not in flat
        reads = Read.objects.filter(what=f"导出台账 {request.number}")
        assert {read.child_id for read in reads} == {child.pk for child in children}
        (taken,) = Download.objects.all()
        assert (taken.rows, taken.size, taken.actor) == (3, len(answer.content), cast.supervisor.user)
    header = zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/sheet1.xml").decode()
    assert request.number in header[header.index("<oddHeader>") :]


def test_an_unapproved_export_is_zero_bytes(make: Any, cast: SimpleNamespace, client_as: Any) -> None:
    """TM-06: until a second person approves there is no file anywhere, for nobody."""
    children = make(60, scheme="DEFACTO")
    request = ask(cast.county)
    settle()
    for member in ("county", "county_second", "supervisor", "stranger_county", "director"):
        answer = client_as(member).post(url(request, "file/"))
        assert answer.status_code in (404, 409)
        assert children[0].name not in answer.content.decode()
    with use_scope(system_scope("test")):
        assert not Document.objects.exists()
        assert not Download.objects.exists()
        assert not Read.objects.exists()
        item = WorkItem.objects.get(kind="ledgers.approve")
        assert item.owner_post == cast.county_second.post
        assert children[0].name not in item.title + item.summary
    approve(request, cast.county_second)
    settle()
    assert len(take(request, cast.county)) > 5000
    with use_scope(system_scope("test")):
        assert Read.objects.count() == 60
        assert WorkItem.objects.get(pk=item.pk).closed_at is not None


def test_nobody_approves_the_own_request(make: Any, cast: SimpleNamespace, client_as: Any) -> None:
    make(60, scheme="DEFACTO")
    request = ask(cast.county)
    with pytest.raises(PermissionDenied, match="不能批准自己的导出"):
        approve(request, cast.county)
    answer = client_as("county").post(url(request, "decide/"), {"event": "approve", "note": ""})
    assert answer.status_code in (200, 422)
    assert reload(request).state == "REQUESTED"
    for member in ("supervisor", "stranger_county", "director"):
        assert client_as(member).post(url(request, "decide/"), {"event": "approve"}).status_code == 404


def test_a_refusal_needs_words_and_is_told(make: Any, cast: SimpleNamespace, client_as: Any) -> None:
    make(60, scheme="DEFACTO")
    request = ask(cast.county)
    client = client_as("county_second")
    assert client.post(url(request, "decide/"), {"event": "refuse", "note": " "}).status_code == 422
    assert client.post(url(request, "decide/"), {"event": "refuse", "note": "范围过大"}).status_code == 302
    settle()
    assert reload(request).state == "REFUSED"
    with pytest.raises(NotNow):
        take(request, cast.county)
    assert "不予批准" in client_as("county").get("/messages/").content.decode()


def test_only_who_asked_takes_it(make: Any, cast: SimpleNamespace, client_as: Any) -> None:
    make(2, scheme="DEFACTO")
    request = ask(cast.county)
    settle()
    assert client_as("county_second").post(url(request, "file/")).status_code == 409
    with use_scope(cast.county.scope):
        document = Document.objects.get()
    # the ordinary address of documents does not hand it out to anybody
    for member in ("county", "county_second", "supervisor"):
        assert client_as(member).get(f"/documents/{document.public_id}/").status_code == 404


def test_after_its_time_nothing_is_served_and_nothing_is_left(make: Any, cast: SimpleNamespace) -> None:
    make(2, scheme="DEFACTO")
    request = ask(cast.county)
    settle()
    assert take(request, cast.county)
    with use_scope(system_scope("test")):
        document = Document.objects.get()
    with clock.frozen(clock.now() + timedelta(hours=48, seconds=1)):
        with pytest.raises(NotNow, match="已过有效期"):
            take(request, cast.county)
        assert services.sweep() == 1
        assert services.sweep() == 0
        with pytest.raises(NotNow, match="已过有效期"):
            take(request, cast.county)
    assert reload(request).state == "EXPIRED"
    with use_scope(system_scope("test")):
        assert Document.objects.get().withdrawn_at is not None
    store.remove(
        document.public_id
    )  # what the sweep does on commit, which a test's transaction never reaches
    with pytest.raises(FileNotFoundError):
        store.read(document.public_id)


def test_many_small_ones_are_a_large_one(make: Any, cast: SimpleNamespace) -> None:
    make(45, scheme="DEFACTO")
    made = [ask(cast.county).small for _ in range(4)]
    assert made == [True, True, True, False]
    with clock.frozen(TODAY + timedelta(days=1)):
        assert ask(cast.county).small is True


def test_complete_numbers_need_a_right_a_legal_purpose_and_a_second_person(
    make: Any, cast: SimpleNamespace
) -> None:
    child = make(1, scheme="DEFACTO")
    with pytest.raises(PermissionDenied, match="完整证件号码"):
        ask(cast.supervisor, Asked("defacto", "990101101000", "residence"), clear_id=True, purpose="VERIFY")
    with pytest.raises(NotNow, match="没有使用完整证件号码的法定依据"):
        ask(cast.county, clear_id=True)
    request = ask(cast.county, clear_id=True, purpose="VERIFY")
    assert request.small is False
    approve(request, cast.county_second)
    settle()
    flat = str(sheet_rows(take(request, cast.county)))
    assert child.id_number in flat
    assert "13800000001" in flat


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"words": "看看"}, "不少于 6 个字"),
        ({"purpose": "FUN"}, "请选择用途"),
        ({"asked": Asked("defacto", "990102000000", "residence")}, "不在您的辖区"),
        ({"asked": Asked("orphan", "990101000000", "residence")}, "没有儿童"),
    ],
)
def test_refused_in_words(make: Any, cast: SimpleNamespace, given: dict[str, Any], words: str) -> None:
    make(1, scheme="DEFACTO")
    with pytest.raises(Refused) as refused:
        ask(cast.county, given.pop("asked", DEFACTO), **given)
    assert words in refused.value.sentence
    with use_scope(system_scope("test")):
        assert not ExportRequest.objects.exists()


def test_what_was_typed_stays(make: Any, client_as: Any) -> None:
    make(1, scheme="DEFACTO")
    answer = client_as("county").post(
        "/ledgers/exports/ask/?kind=defacto", {"form": "xlsx", "purpose": "WORK", "words": "走访用"}
    )
    assert answer.status_code == 422
    assert "走访用" in answer.content.decode()
    good = client_as("county").post(
        "/ledgers/exports/ask/?kind=defacto", {"form": "xlsx", "purpose": "WORK", "words": WORDS}
    )
    assert good.status_code == 302
    settle()
    shown = client_as("county").get(good["Location"]).content.decode()
    assert "下载文件" in shown


def test_who_grew_beyond_what_was_approved_asks_again(make: Any, cast: SimpleNamespace) -> None:
    make(60, scheme="DEFACTO")
    request = ask(cast.county)
    make(20, scheme="DEFACTO")
    approve(request, cast.county_second)
    settle()
    found = reload(request)
    assert found.state == "FAILED"
    assert "超出批准的范围" in found.problem
    with use_scope(system_scope("test")):
        assert not Document.objects.exists()
        assert not Read.objects.exists()
    with use_scope(cast.county.scope):
        services.withdraw(request=found, actor=cast.county)
    assert reload(request).state == "WITHDRAWN"


FORMULAS = (
    '=HYPERLINK("http://evil.example","点我")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "http://a.example/",
)


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_no_name_becomes_a_formula_or_a_link(make: Any, cast: SimpleNamespace, form: str) -> None:
    """A name a stranger typed is text wherever it is opened (trust.md decision 6; hostile cells)."""
    for name in FORMULAS:
        make(1, scheme="DEFACTO", name=name, address='=1+1&"<b>')
    request = ask(cast.county, form=form)
    settle()
    content = take(request, cast.county)
    package = zipfile.ZipFile(io.BytesIO(content))
    parts = {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}
    if form == "xlsx":
        sheet = parts["xl/worksheets/sheet1.xml"]
        assert "<f>" not in sheet
        assert "<hyperlink" not in sheet
        cells = {cell for row in sheet_rows(content) for cell in row}
        assert cells >= set(FORMULAS)
    else:
        body = parts["word/document.xml"]
        assert "w:hyperlink" not in body
        assert "=HYPERLINK(" in body
        assert "instrText" not in body
        assert request.number in parts["word/header1.xml"]
    assert "evil.example" not in "".join(text for name, text in parts.items() if name.endswith(".rels"))


def test_word_has_a_limit_of_its_own(
    make: Any, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hutong.domains.ledgers.data import catalogue

    make(3, scheme="DEFACTO")
    monkeypatch.setitem(catalogue.TERMS.lines["docx_rows"][0], "value", 2)
    with pytest.raises(Refused, match="Word 台账的上限 2 人"):
        ask(cast.county, form="docx")


def test_a_job_that_runs_twice_makes_one_file(make: Any, cast: SimpleNamespace) -> None:
    make(2, scheme="DEFACTO")
    request = ask(cast.county)
    settle()
    again = services.run_now(public_id=request.public_id, actor=cast.county)
    assert again.state == "READY"
    with use_scope(system_scope("test")):
        assert Document.objects.count() == 1
        assert Read.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_are_one(make: Any, cast: SimpleNamespace) -> None:
    """Two approvers press at the same moment: one wins, the other is told, one job starts."""
    from hutong.foundation.access.acting import acting_as
    from hutong.foundation.accounts.models import User
    from hutong.foundation.network.models import Holding

    make(60, scheme="DEFACTO")
    third = User.objects.create(username="third", name="甲三", must_change_password=False, password="!")
    holding = Holding.objects.create(post=cast.county_second.post, user=third, since=TODAY, deputy=True)
    request = ask(cast.county)

    def press(actor: Any) -> str:
        try:
            with clock.frozen(TODAY):
                approve(request, actor)
            return "approved"
        except NotNow:
            return "too late"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(press, [cast.county_second, acting_as(holding)]))
    assert answers == ["approved", "too late"]
    with use_scope(system_scope("test")):
        assert LongJob.objects.filter(kind="ledgers.export").count() == 1


def test_the_pages_of_a_request(make: Any, cast: SimpleNamespace, client_as: Any) -> None:
    make(60, scheme="DEFACTO")
    request = ask(cast.supervisor, Asked("defacto", "990101101000", "residence"))
    second: Client = client_as("county")
    assert request.number in second.get("/ledgers/exports/").content.decode()
    assert WORDS in second.get(url(request)).content.decode()
    assert request.number in client_as("supervisor").get("/ledgers/exports/").content.decode()
    assert request.number not in client_as("stranger_county").get("/ledgers/exports/").content.decode()
    assert client_as("stranger_county").get(url(request)).status_code == 404
    assert client_as("supervisor").post(url(request, "withdraw/")).status_code == 302
    assert reload(request).state == "WITHDRAWN"
