"""The quarter's data for the national system: due, made, compared, checked by a second person, sent (R-03.04, R-45.09)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.exceptions import PermissionDenied

from hutong.domains.ledgers import services
from hutong.domains.ledgers.cli import ledgers
from hutong.domains.ledgers.data import national
from hutong.domains.ledgers.models import Download, QuarterChange, QuarterReport
from hutong.domains.ledgers.presenters.national import Snapshot, difference
from hutong.domains.ledgers.services import due, quarterly
from hutong.domains.ledgers.services.errors import Refused
from hutong.domains.ledgers.tests.conftest import STONE, settle, sheet_rows
from hutong.domains.registry.models import Child, RollEntry
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.audit.models import Read
from hutong.foundation.documents import selectors as documents
from hutong.foundation.documents.models import Document
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import WorkItem
from hutong.kernel import clock
from hutong.kernel.quarters import Quarter

pytestmark = pytest.mark.django_db
Q3, Q4 = Quarter(2026, 3), Quarter(2026, 4)


def make_report(actor: Any, quarter: Quarter = Q3) -> QuarterReport:
    with use_scope(actor.scope):
        return services.make_quarter(actor=actor, quarter=quarter)


def step(report: QuarterReport, act: Any, actor: Any, **given: Any) -> QuarterReport:
    with use_scope(actor.scope):
        return act(report=QuarterReport.objects.get(pk=report.pk), actor=actor, **given)


def sent(cast: SimpleNamespace, quarter: Quarter = Q3) -> QuarterReport:
    report = make_report(cast.county, quarter)
    step(report, services.check_quarter, cast.county_second)
    return step(
        report, services.mark_quarter_sent, cast.county_second, sent_on=clock.today(), receipt="QG-2026-0001"
    )


def take(report: QuarterReport, actor: Any) -> bytes:
    return step(report, services.take_quarter, actor)[1]


def seal(child: Child, compartment: str) -> None:
    with use_scope(replace(system_scope("test"), sealed=(compartment,))):
        Child.objects.filter(pk=child.pk).update(sealed_in=compartment)


def url(report: QuarterReport, what: str = "") -> str:
    return f"/ledgers/quarterly/{report.public_id}/{what}"


def test_made_checked_taken_sent(make: Any, cast: SimpleNamespace) -> None:
    children = make(3, scheme="DEFACTO")
    make(2), make(1, area="990102101201", scheme="DEFACTO")
    report = make_report(cast.county)
    assert (report.rows, report.added, report.gone, report.changed) == (3, 3, 0, 0)
    with pytest.raises(NotNow):
        take(report, cast.county)
    step(report, services.check_quarter, cast.county_second)
    content = take(report, cast.county)
    flat = str(sheet_rows(content))
    with use_scope(system_scope("test")):
        for child in children:
            assert child.id_number in flat  # the national system registers by real name
        assert Read.objects.filter(what="全国系统季度数据 2026Q3").count() == 3
        assert Download.objects.get().report_id == report.pk
    done = step(
        report, services.mark_quarter_sent, cast.county_second, sent_on=date(2026, 10, 12), receipt="QG-1"
    )
    assert done.state == "SENT"
    with pytest.raises(NotNow):
        take(report, cast.county)


def test_two_persons(make: Any, cast: SimpleNamespace, client_as: Any) -> None:
    make(1, scheme="DEFACTO")
    report = make_report(cast.county)
    with pytest.raises(PermissionDenied, match="不能复核自己制作"):
        step(report, services.check_quarter, cast.county)
    assert client_as("county").post(url(report, "check/")).status_code == 403
    step(report, services.check_quarter, cast.county_second)
    with pytest.raises(PermissionDenied, match="不能复核自己制作"):
        step(report, services.mark_quarter_sent, cast.county, sent_on=clock.today(), receipt="1234")
    for member in ("supervisor", "director", "stranger_county", "auditor"):
        assert client_as(member).get(url(report)).status_code == 404
        assert client_as(member).post(url(report, "file/")).status_code == 404


def test_the_difference_is_shown_before_sending(make: Any, cast: SimpleNamespace, client_as: Any) -> None:
    stays, changes, leaves, closes = make(4, scheme="DEFACTO")
    sent(cast)
    with use_scope(system_scope("test")):
        changes.refresh_from_db()
        changes.residence_area, changes.address = STONE, "五组"
        changes.seal_id("")
        changes.save()
        RollEntry.objects.filter(child=leaves).update(until=date(2026, 9, 30))
        Child.objects.filter(pk=closes.pk).update(state="CLOSED", close_reason="AGE")
    comes = make(1, scheme="ORPHAN-S")
    report = make_report(cast.county, Q4)
    assert (report.rows, report.added, report.gone, report.changed, report.unseen) == (3, 1, 2, 1, 0)
    with use_scope(cast.county.scope):
        found = {change.child_id: change for change in QuarterChange.objects.filter(report=report)}
        assert stays.pk not in found
        assert found[comes.pk].kind == "ADDED"
        assert found[leaves.pk].reason == "已退出名册：事实无人抚养儿童，2026-09-30"
        assert found[closes.pk].reason == "已退出：年满十八周岁"
        assert found[changes.pk].fields == [
            "id_number",
            "residence",
        ]  # values lie in the sealed snapshots only
        (lines,) = quarterly.changed_lines(report, [found[changes.pk]]).values()
        fields = {header: (before, after) for header, before, after in lines}
        assert fields["现居住地址"][1].endswith("石村五组")
        assert fields["身份证件号码"][0].startswith("5001****")
    client = client_as("county_second")
    shown = unescape(client.get(url(report) + "?kind=CHANGED").content.decode())
    assert changes.name in shown
    assert "现居住地址" in shown
    assert stays.name not in shown
    assert leaves.name in unescape(client.get(url(report) + "?kind=GONE").content.decode())
    assert comes.name in unescape(client.get(url(report)).content.decode())


def test_who_is_no_longer_seen_is_a_number_only(make: Any, cast: SimpleNamespace, client_as: Any) -> None:
    """A child sealed or moved away since is in no list of who has gone (TM-01)."""
    hidden, gone = make(2, scheme="DEFACTO")
    sent(cast)
    make(1, scheme="DEFACTO")
    with use_scope(system_scope("test")):
        Child.objects.filter(pk=gone.pk).update(state="CLOSED", close_reason="ADOPTED")
    seal(hidden, "shield")
    report = make_report(cast.county, Q4)
    assert (report.gone, report.unseen) == (1, 1)
    shown = unescape(client_as("county_second").get(url(report) + "?kind=GONE").content.decode())
    assert "另有 1 名" in shown
    assert hidden.name not in shown
    assert gone.name in shown
    assert "收养" not in shown
    # one sealed after the comparison leaves the list as well
    seal(gone, "adoption")
    shown = unescape(client_as("county_second").get(url(report) + "?kind=GONE").content.decode())
    assert gone.name not in shown


def test_one_a_quarter_until_it_is_discarded(make: Any, cast: SimpleNamespace) -> None:
    make(1, scheme="DEFACTO")
    report = make_report(cast.county)
    with pytest.raises(NotNow, match="请先作废"):
        make_report(cast.county)
    with pytest.raises(NotNow, match="写明理由"):
        step(report, services.reject_quarter, cast.county_second, note=" ")
    step(report, services.reject_quarter, cast.county_second, note="漏了石村")
    with use_scope(system_scope("test")):
        assert not Document.objects.filter(withdrawn_at__isnull=True).exists()
        assert not WorkItem.objects.filter(kind="ledgers.check", closed_at__isnull=True).exists()
    assert make_report(cast.county).state == "MADE"
    with pytest.raises(Refused, match="还没有开始"):
        make_report(cast.county, Quarter(2027, 1))


def test_nothing_to_send_is_said(cast: SimpleNamespace, make: Any) -> None:
    make(2)
    with pytest.raises(Refused, match="没有需要上报"):
        make_report(cast.county)
    with use_scope(system_scope("test")):
        assert not Read.objects.exists()


def test_after_its_time_the_file_is_not_served(make: Any, cast: SimpleNamespace) -> None:
    make(1, scheme="DEFACTO")
    report = make_report(cast.county)
    step(report, services.check_quarter, cast.county_second)
    with clock.frozen(clock.now() + timedelta(hours=49)), pytest.raises(NotNow, match="已过有效期"):
        take(report, cast.county)


def test_the_snapshot_is_kept_sealed_with_its_digest(
    make: Any, cast: SimpleNamespace, client_as: Any
) -> None:
    import hashlib

    make(2, scheme="DEFACTO")
    report = sent(cast)
    with use_scope(cast.county.scope):
        document = documents.get_reserved(quarterly.SUBJECT, report.pk, "snapshot")
        content = documents.read_reserved(document)
    assert hashlib.sha256(content).hexdigest() == report.digest == document.sha256
    assert Snapshot.read(content).content() == content
    assert len(json.loads(content)["rows"]) == 2
    assert client_as("county").get(f"/documents/{document.public_id}/").status_code == 404


def test_two_layouts_are_compared_by_what_both_have() -> None:
    layout = national.layout(date(2026, 9, 30))
    codes = tuple(column.code for column in layout.columns)
    row = ["x"] * len(codes)
    old = Snapshot(("name", "vanished"), {"H1": ["甲", "1"], "H2": ["乙", "1"]})
    now = Snapshot(codes, {"H1": ["甲" if code == "name" else "x" for code in codes], "H3": row})
    found = difference(old, now)
    assert (found.added, found.gone, found.changed) == (["H3"], ["H2"], {})
    assert difference(None, now).added == ["H1", "H3"]


def test_the_due_item_of_each_county(make: Any, cast: SimpleNamespace) -> None:
    with clock.frozen(date(2026, 9, 1)):
        assert due.sweep() == 0
    with clock.frozen(date(2026, 9, 15)):
        assert due.sweep() == 2
        assert due.sweep() == 0
    with use_scope(system_scope("test")):
        item = WorkItem.objects.get(kind="ledgers.quarter", area_code="990101000000")
        assert (item.due_on, item.owner_post) == (date(2026, 9, 30), cast.county.post)
    make(1, scheme="DEFACTO")
    sent(cast)
    with use_scope(system_scope("test")):
        item.refresh_from_db()
        assert item.closed_at is not None
        assert WorkItem.objects.filter(kind="ledgers.quarter", closed_at__isnull=True).count() == 1
    with clock.frozen(date(2026, 9, 20)):
        assert due.sweep() == 0  # sent: not asked again


def test_the_pages(make: Any, cast: SimpleNamespace, client_as: Any) -> None:
    make(2, scheme="DEFACTO")
    client, second = client_as("county"), client_as("county_second")
    assert "2026 年四季度数据应于" in unescape(client.get("/ledgers/quarterly/").content.decode())
    assert client.post("/ledgers/quarterly/make/", {"quarter": "2031Q1"}).status_code == 422
    assert client.post("/ledgers/quarterly/make/", {"quarter": "2026Q3"}).status_code == 302
    settle()
    with use_scope(cast.county.scope):
        report = QuarterReport.objects.get()
    assert "等待另一位工作人员复核" in client.get(url(report)).content.decode()
    assert client.post(url(report, "file/")).status_code == 409
    assert second.post(url(report, "check/")).status_code == 302
    answer = client.post(url(report, "file/"))
    assert answer["Content-Disposition"].startswith("attachment")
    refused = second.post(url(report, "sent/"), {"sent_on": "2026-12-01", "receipt": "Q1"})
    assert refused.status_code == 422
    assert "晚于今天" in refused.content.decode()
    assert second.post(url(report, "sent/"), {"sent_on": "2026-10-12", "receipt": "Q1"}).status_code == 302
    assert "已上报" in client.get("/ledgers/quarterly/").content.decode()
    answer = client.post(url(report, "discard/"), {"note": "想重做"})
    assert answer.status_code == 409  # what was sent stays


def test_at_a_terminal(make: Any, cast: SimpleNamespace, tmp_path: Path) -> None:
    make(2, scheme="DEFACTO")

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(ledgers, ["quarterly", *arguments])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    out = ("--out", str(tmp_path / "out"))
    assert run("take", "--as", "county", "--quarter", "2026Q3", *out)[0] == 1
    code, said = run("make", "--as", "county", "--quarter", "2026Q3")
    assert (code, "2 人，新增 2，减少 0" in said) == (0, True)
    assert "没有可取的文件" in run("take", "--as", "county", "--quarter", "2026Q3", *out)[1]
    assert run("check", "--as", "county", "--quarter", "2026Q3")[0] == 1
    assert run("check", "--as", "county_second", "--quarter", "2026Q3")[0] == 0
    assert run("take", "--as", "county", "--quarter", "2026Q3", *out)[0] == 0
    (file,) = (tmp_path / "out").glob("*.xlsx")
    assert file.stat().st_mode & 0o077 == 0
    assert run("sent", "--as", "county_second", "--quarter", "2026Q3", "--receipt", "QG-9")[0] == 0
    assert "不是季度" in run("make", "--as", "county", "--quarter", "三季度")[1]


@pytest.mark.parametrize("name", ['=HYPERLINK("http://evil.example")', "@SUM(1)"])
def test_no_name_becomes_a_formula(make: Any, cast: SimpleNamespace, name: str) -> None:
    import io
    import zipfile

    make(1, scheme="DEFACTO", name=name)
    report = make_report(cast.county)
    step(report, services.check_quarter, cast.county_second)
    content = take(report, cast.county)
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert name in {cell for row in sheet_rows(content) for cell in row}


def test_every_column_has_a_source() -> None:
    from hutong.domains.ledgers.presenters.sources import SOURCES

    layout = national.layout(date(2026, 9, 30))
    assert {column.code for column in layout.columns} <= set(SOURCES)
    assert layout.assumed
    assert layout.source
