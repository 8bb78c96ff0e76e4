"""From delivered lists to leads in the village, through the same code as ``hutong compare`` (R-24.04; D.15, D.17)."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from hutong.domains.exchange import selectors, services
from hutong.domains.exchange.models import ComparisonRun
from hutong.domains.exchange.services import errors
from hutong.domains.exchange.tests import files
from hutong.domains.exchange.tests.conftest import QUARTER, TODAY, deliver
from hutong.domains.leads.models import Lead
from hutong.domains.registry import transfer
from hutong.foundation.access.scope import use_scope
from hutong.foundation.workflow import selectors as workflow
from hutong.foundation.workflow import worker
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import LongJob

pytestmark = pytest.mark.django_db
LIU, SANG, SHI = "990101101201", "990101101202", "990101102201"
PACK = "CQ-2025"


def father(n: int) -> int:
    """Serial of child n's father: odd, as a man's number is."""
    return 101 + 2 * n


def mother(n: int) -> int:
    return 200 + 2 * n


def write(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as sink:
        writer = csv.DictWriter(sink, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def village(senders: SimpleNamespace, tmp_path: Path) -> SimpleNamespace:
    """Ten children of three villages with both parents on file; C10 is paid as de facto unsupported."""
    folder = tmp_path / "village"
    folder.mkdir()
    children, kin = [], []
    for n in range(1, 11):
        area = (LIU, SANG, SHI)[n % 3]
        children.append({
            "child_id": f"C{n:02d}", "name": f"石小{'一二三四五六七八九十'[n - 1]}", "id_number": files.number(2 * n + 1, "20150301"),
            "sex": "男", "birth_date": "2015-03-01", "hukou_area": area, "residence_area": area, "rural": "是",
            "lives_with": "parents",
        })  # fmt: skip
        for relation, serial in (("father", father(n)), ("mother", mother(n))):
            kin.append({
                "child_id": f"C{n:02d}", "relation": relation, "name": parent(serial), "id_number": files.number(serial),
                "sex": "男" if relation == "father" else "女", "birth_date": "1980-02-03", "area_code": area,
            })  # fmt: skip
    write(folder, "children", children)
    write(folder, "kin", kin)
    write(
        folder,
        "roll",
        [{"child_id": "C10", "scheme": "DEFACTO", "since": "2024-01-01", "monthly": "1256.00"}],
    )
    report = transfer.import_folder(folder, senders.county)
    assert report.counts["children"] == 10, report.rejected
    return senders


def parent(serial: int) -> str:
    return f"{'石柳桑'[serial % 3]}{'建国卫东春华'[serial % 6]}{'甲乙丙丁戊己庚辛壬癸'[serial % 10]}"


def dead(*serials: int) -> bytes:
    rows = [
        [parent(n), files.number(n), "男" if n % 2 else "女", "1980-02-03", LIU, "2026-07-01", "死亡"]
        for n in serials
    ]
    return files.csv(files.DEATHS, rows)


def confirmed(
    senders: SimpleNamespace, actor: Any, content: bytes, list_code: str = "deaths", **more: Any
) -> Any:
    batch = deliver(actor, content, list_code=list_code, **more)
    assert batch.state == "CHECKED", batch.problem
    with use_scope(senders.county.scope):
        return services.confirm(batch=batch, actor=senders.county)


def compare(senders: SimpleNamespace, **more: Any) -> ComparisonRun:
    with use_scope(senders.county.scope):
        run = services.start_run(
            actor=senders.county, quarter=QUARTER, as_of=TODAY, pack=PACK, queue=False, **more
        )
    done = services.run_now(public_id=run.public_id, actor=senders.county)
    assert done.state == "DONE", done.problem
    return done


def test_both_parents_dead_in_two_departments_lists_becomes_a_lead_in_the_village(
    village: SimpleNamespace,
) -> None:
    confirmed(village, village.police, dead(father(1), mother(1)))
    confirmed(village, village.court, dead(father(3)))
    run = compare(village)
    assert run.counts["leads"]["SUSPECTED"] == 1
    assert run.counts["received"]["new"] == 1
    assert run.counts["townships"] == {"990101101000": {"SUSPECTED": 1}}
    assert {one["provider"] for one in run.inputs} == {"GA", "FY"}
    with use_scope(village.county.scope):
        lead = Lead.objects.select_related("child").get(kind="SUSPECTED")
    assert lead.child.file_no == "C01"
    assert lead.run_id == run.pk
    cited = {one["subject"]: one for one in lead.evidence if one["list"] == "deaths"}
    police = next(one["batch"] for one in run.inputs if one["provider"] == "GA")
    assert cited["father"]["batch"] == cited["mother"]["batch"] == police
    assert (cited["father"]["line"], cited["mother"]["line"]) == (2, 3)
    assert (cited["father"]["provider"], cited["father"]["stale"]) == ("公安", False)
    with use_scope(village.next_director.scope):
        owner = workflow.list_mine(village.next_director).get()
    assert owner.child_id == lead.child_id


def test_the_page_finds_what_the_command_line_finds(village: SimpleNamespace, tmp_path: Path) -> None:
    """The run over the database and ``hutong compare`` over files are one code path (D.15)."""
    import pyarrow.parquet

    from hutong.domains.policy import selectors as policy
    from hutong.linkage.run import compare as compare_files

    lists = {
        "deaths": dead(father(1), mother(1), father(2), father(4)),
        "custody": files.csv(
            ["姓名", "身份证号", "种类", "开始日期", "截止日期"],
            [
                [parent(n), files.number(n), "服刑", "2025-01-01", "2028-01-01"]
                for n in (mother(2), father(5))
            ],
        ),
    }
    (tmp_path / "lists").mkdir()
    for code, content in lists.items():
        confirmed(village, village.police, content, code)
        (tmp_path / "lists" / f"{code}.csv").write_bytes(content)
    compare(village)
    transfer.export_folder(tmp_path / "registry", village.county.scope)
    book = policy.book(PACK, TODAY, "")
    compare_files(
        tmp_path / "registry", tmp_path / "lists", TODAY, book.evaluate_table, book.explain, tmp_path / "out"
    )
    by_files = {
        (row["child_id"], row["kind"], row["scheme"])
        for row in pyarrow.parquet.read_table(tmp_path / "out" / "leads.parquet").to_pylist()
    }
    with use_scope(village.county.scope):
        by_page = set(Lead.objects.values_list("child__file_no", "kind", "scheme"))
    assert by_page == by_files
    assert ("C01", "SUSPECTED", "ORPHAN-S") in by_page


def test_the_same_inputs_again_make_no_second_lead(village: SimpleNamespace) -> None:
    confirmed(village, village.police, dead(father(1), mother(1)))
    first, second = compare(village), compare(village)
    assert first.input_digest == second.input_digest
    assert second.counts["received"].get("new", 0) == 0
    with use_scope(village.county.scope):
        assert selectors.find_same_run(second) == first
        assert Lead.objects.count() == 1


def test_a_list_that_did_not_come_makes_no_lead_and_is_named(village: SimpleNamespace) -> None:
    """D.17: the child on the roll whose ground stands in no list this quarter is left alone."""
    confirmed(village, village.police, dead(900))
    run = compare(village)
    assert run.counts["leads"]["SHOULD_EXIT"] == 0
    assert "custody" in run.missing
    assert "deaths" not in run.missing
    with use_scope(village.county.scope):
        assert not Lead.objects.exists()


def test_earlier_quarters_are_read_only_when_asked_and_then_marked(village: SimpleNamespace) -> None:
    confirmed(village, village.police, dead(father(1), mother(1)), quarter=QUARTER.before)
    with use_scope(village.county.scope), pytest.raises(errors.NotPossible, match="无可比对"):
        services.start_run(actor=village.county, quarter=QUARTER, as_of=TODAY, pack=PACK)
    run = compare(village, use_stale=True)
    assert [one["stale"] for one in run.inputs] == [True]
    with use_scope(village.county.scope):
        evidence = Lead.objects.get().evidence
    assert all(one["stale"] and one["quarter"] == "2026Q2" for one in evidence if one["list"] == "deaths")


def test_a_withdrawn_batch_feeds_nothing_and_a_supplement_does(village: SimpleNamespace) -> None:
    root = confirmed(village, village.police, files.csv(files.DEATHS, [
        [parent(father(1)), files.number(father(1)), "男", "1980-02-03", LIU, "2026-07-01", "死亡"],
        [parent(mother(1)), files.number(mother(1)), "女", "1980-02-03", LIU, "？", "死亡"],
    ]))  # fmt: skip
    wrong = confirmed(village, village.court, dead(father(2), mother(2)))
    confirmed(village, village.police, dead(mother(1)), supplements=root)
    with use_scope(village.county.scope):
        services.withdraw(batch=wrong, actor=village.county, reason="发错了")
    compare(village)
    with use_scope(village.county.scope):
        assert [lead.child.file_no for lead in Lead.objects.all()] == ["C01"]


def test_nothing_readable_is_left_behind(village: SimpleNamespace, sealed_files: Path) -> None:
    confirmed(village, village.police, dead(father(1), mother(1)))
    run = compare(village)
    assert not list((sealed_files / "exchange" / "work").iterdir())
    kept = [path for path in sealed_files.rglob("*") if path.is_file()]
    assert {path.name for path in kept if run.public_id in str(path)} == {
        "links.parquet", "review.parquet", "rejected.parquet", "summary.json",
    }  # fmt: skip
    assert not [path for path in kept if files.number(father(1)).encode() in path.read_bytes()]


def test_the_run_through_the_page_with_a_job(village: SimpleNamespace, client_as: Any) -> None:
    confirmed(village, village.police, dead(father(1), mother(1)))
    client = client_as("county")
    text = client.get(reverse("exchange:runs")).content.decode()
    assert "已确认 1 类清单：死亡人员" in text
    assert "缺少清单不作为退出依据" in text
    data = {"quarter": str(QUARTER), "as_of": TODAY.isoformat(), "pack": PACK}
    response = client.post(reverse("exchange:run_start"), data)
    assert response.status_code == 302
    assert "排队中" in client.get(response.url).content.decode()
    assert client.post(reverse("exchange:run_start"), data).status_code == 409
    worker.settle()
    text = client.get(response.url).content.decode()
    assert "新增线索 1 条" in text
    assert "东镇" in text
    assert "缺少：" in text
    assert client_as("stranger_county").get(response.url).status_code == 404
    assert client_as("clerk").get(response.url).status_code == 404
    assert client.post(reverse("exchange:run_start"), data | {"as_of": "2027-01-01"}).status_code == 422


def test_a_waiting_run_is_cancelled_and_another_may_follow(village: SimpleNamespace) -> None:
    confirmed(village, village.police, dead(father(1), mother(1)))
    order = {"actor": village.county, "quarter": QUARTER, "as_of": TODAY, "pack": PACK}
    with use_scope(village.county.scope):
        run = services.start_run(**order)
        with pytest.raises(NotNow, match="正在进行"):
            services.start_run(**order)
        assert services.cancel_run(run=run, actor=village.county).state == "CANCELLED"
        assert services.start_run(**order).state == "QUEUED"
        worker.settle()
        assert [one.state for one in ComparisonRun.objects.order_by("pk")] == ["CANCELLED", "DONE"]


def test_a_run_cancelled_on_its_way_leaves_no_lead(village: SimpleNamespace) -> None:
    confirmed(village, village.police, dead(father(1), mother(1)))
    with use_scope(village.county.scope):
        run = services.start_run(actor=village.county, quarter=QUARTER, as_of=TODAY, pack=PACK)
        LongJob.objects.filter(public_id=run.job).update(state="running", cancel_requested=True)

        def stop(done: int, total: int, note: str) -> None:
            if note == "交办线索":
                from hutong.foundation.workflow.longjobs import Cancelled

                raise Cancelled

        from hutong.foundation.workflow.longjobs import Cancelled

        with pytest.raises(Cancelled):
            services.run_now(public_id=run.public_id, actor=village.county, progress=stop)
        run.refresh_from_db()
        assert run.state == "CANCELLED"
        assert not Lead.objects.exists()


def test_a_day_in_the_future_is_refused(village: SimpleNamespace) -> None:
    with use_scope(village.county.scope), pytest.raises(errors.NotPossible, match="不能晚于今天"):
        services.start_run(actor=village.county, quarter=QUARTER, as_of=date(2027, 1, 1), pack=PACK)
