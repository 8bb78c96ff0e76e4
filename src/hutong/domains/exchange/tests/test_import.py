"""Import in two acts: deliver, check, confirm; supplement; withdraw (R-24.01 to R-24.03, TM-10)."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet
import pytest
import python_calamine
from django.core.exceptions import PermissionDenied

from hutong.domains.compartments import services as compartments
from hutong.domains.compartments.models import HivFact, Matter
from hutong.domains.compartments.tests.factories import child, named, officer
from hutong.domains.exchange import quarters, selectors, services
from hutong.domains.exchange.models import Batch, ColumnMapping
from hutong.domains.exchange.services import errors
from hutong.domains.exchange.storage import gate, store, workbooks
from hutong.domains.exchange.tests import files
from hutong.domains.exchange.tests.conftest import QUARTER, deaths, deliver
from hutong.domains.registry.models import Child
from hutong.foundation.access import vault
from hutong.foundation.access.scope import use_scope
from hutong.foundation.messaging.models import Notice
from hutong.foundation.workflow import selectors as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import clock
from hutong.kernel.cipher import CipherError
from hutong.linkage.catalogue import LISTS

pytestmark = pytest.mark.django_db


def bad_and_good() -> bytes:
    return files.csv(
        files.DEATHS,
        [
            files.death(1),
            files.death(2, 死亡日期="不详"),
            files.death(3, 姓名=""),
            files.death(4, 身份证号="1"),
        ],
    )


def test_a_check_counts_and_groups_and_gives_the_bad_rows_back(senders: SimpleNamespace) -> None:
    batch = deliver(senders.police, bad_and_good())
    assert (batch.state, batch.rows, batch.passed, batch.refused, batch.warned) == ("CHECKED", 4, 2, 2, 1)
    assert dict(batch.reasons) == {
        "“死亡日期”的“不详”不是日期": 1,
        "“姓名”为空，此列必填": 1,
    }
    rejected = pyarrow.parquet.read_table(io.BytesIO(store.read(batch.public_id, "rejected.parquet")))
    sheet = (
        python_calamine.load_workbook(io.BytesIO(workbooks.rejected_xlsx(rejected)))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert sheet[0] == [*files.DEATHS, "原行号", "退回原因"]
    assert [row[-2:] for row in sheet[1:]] == [
        ["3", "“死亡日期”的“不详”不是日期"],
        ["4", "“姓名”为空，此列必填"],
    ]


def test_nothing_readable_lies_on_the_disk(senders: SimpleNamespace, sealed_files: Path) -> None:
    batch = deliver(senders.police, deaths(2))
    stored = [path for path in (sealed_files / "exchange").rglob("*") if path.is_file()]
    assert {path.name for path in stored} == {"original", "accepted.parquet", "rejected.parquet"}
    for path in stored:
        assert "石建国".encode() not in path.read_bytes()
        assert files.number(1).encode() not in path.read_bytes()
        assert not path.stat().st_mode & 0o077
        assert not path.parent.stat().st_mode & 0o077
    assert store.read(batch.public_id, "original") == deaths(2)


def test_a_sealed_file_that_was_cut_or_moved_does_not_open(sealed_files: Path) -> None:
    store.put("aaaa", "original", io.BytesIO(b"x" * (3 << 20)))
    path = sealed_files / "exchange" / "aa" / "aaaa" / "original"
    whole = path.read_bytes()
    path.write_bytes(whole[: 2 * (1 << 20) + 500])
    with pytest.raises(CipherError):
        store.read("aaaa", "original")
    path.write_bytes(whole)
    moved = sealed_files / "exchange" / "bb" / "bbbb"
    moved.mkdir(parents=True)
    (moved / "original").write_bytes(whole)
    with pytest.raises(CipherError):
        store.read("bbbb", "original")


def test_the_second_person_confirms_and_the_sender_is_told(senders: SimpleNamespace) -> None:
    batch = deliver(senders.police, deaths(3))
    with use_scope(senders.county.scope):
        item = workflow.list_mine(senders.county).get()
        assert item.link.endswith(f"/batches/{batch.public_id}/")
        services.confirm(batch=Batch.objects.get(pk=batch.pk), actor=senders.county)
        assert not workflow.list_mine(senders.county).exists()
        assert not workflow.list_mine(senders.county_second).exists()
    with use_scope(senders.police.scope):
        assert Notice.objects.get(post=senders.police.post).title == "“死亡人员”清单（2026Q3）已确认"
        assert selectors.get_batch(batch.public_id).decided_by == senders.county.user


def test_the_uploader_never_confirms_what_he_uploaded(senders: SimpleNamespace) -> None:
    batch = deliver(senders.county, deaths(1), provider="GA")
    with use_scope(senders.county.scope):
        with pytest.raises(PermissionDenied, match="上传人不能确认"):
            services.confirm(batch=batch, actor=senders.county)
        assert not workflow.list_mine(senders.county).exists()
        assert workflow.list_mine(senders.county_second).count() == 1
    with use_scope(senders.county_second.scope):
        assert services.confirm(batch=batch, actor=senders.county_second).state == "CONFIRMED"


def test_of_two_clicks_on_confirm_one_wins_and_the_other_is_told(senders: SimpleNamespace) -> None:
    batch = deliver(senders.police, deaths(1))
    with use_scope(senders.county.scope):
        one, two = (Batch.objects.get(pk=batch.pk) for _ in range(2))
        services.confirm(batch=one, actor=senders.county)
        with pytest.raises(NotNow, match="可能已有人先行办理"):
            services.confirm(batch=two, actor=senders.county_second)


def test_a_clerk_confirms_nothing(senders: SimpleNamespace) -> None:
    batch = deliver(senders.county, deaths(1), provider="GA")
    with use_scope(senders.county.scope), pytest.raises(PermissionDenied):
        services.confirm(batch=batch, actor=senders.police)


def test_a_batch_without_one_good_row_is_not_confirmed(senders: SimpleNamespace) -> None:
    batch = deliver(senders.police, deaths(2, 姓名=""))
    assert batch.passed == 0
    with use_scope(senders.county.scope):
        assert not workflow.list_mine(senders.county).exists()
        with pytest.raises(NotNow, match="没有一行通过"):
            services.confirm(batch=batch, actor=senders.county)


def test_refusing_and_withdrawing_need_a_reason_and_delete_nothing(senders: SimpleNamespace) -> None:
    batch = deliver(senders.police, deaths(1))
    other = deliver(senders.police, deaths(2))
    with use_scope(senders.county.scope):
        with pytest.raises(errors.NotPossible, match="写明事由"):
            services.refuse(batch=batch, actor=senders.county, reason=" ")
        services.refuse(batch=batch, actor=senders.county, reason="不是本季度的")
        services.confirm(batch=other, actor=senders.county)
        assert list(selectors.effective("990101", str(QUARTER))) == ["deaths"]
        services.withdraw(batch=other, actor=senders.county, reason="发错了")
        assert selectors.effective("990101", str(QUARTER)) == {}
        assert [one.state for one in Batch.objects.order_by("pk")] == ["REFUSED", "WITHDRAWN"]
    assert store.exists(other.public_id, "accepted.parquet")


def test_the_same_file_twice_in_a_quarter_leads_to_the_first(senders: SimpleNamespace) -> None:
    first = deliver(senders.police, deaths(1))
    with pytest.raises(errors.AlreadyDelivered, match="已于 2026-09-20") as told:
        deliver(senders.police, deaths(1))
    assert told.value.public_id == first.public_id
    assert deliver(senders.police, deaths(1), quarter=quarters.Quarter(2026, 2)).pk != first.pk
    with use_scope(senders.county.scope):
        services.withdraw(batch=first, actor=senders.county, reason="发错了")
    assert deliver(senders.police, deaths(1)).state == "CHECKED"


def test_another_posts_same_file_is_refused_without_showing_it(
    senders: SimpleNamespace, sealed_files: Path
) -> None:
    deliver(senders.police, deaths(1))
    with pytest.raises(errors.AlreadyDelivered, match="其他岗位") as told:
        deliver(senders.court, deaths(1))
    assert told.value.public_id == ""
    assert len(list((sealed_files / "exchange").glob("??/*/original"))) == 1


def test_a_file_after_the_quarters_end_is_late_and_belongs_to_its_quarter(senders: SimpleNamespace) -> None:
    """WP-10: data for Q3 arrives on 5 October."""
    with clock.frozen(date(2026, 10, 5)):
        batch = deliver(senders.police, deaths(1))
    assert (batch.quarter, batch.late) == ("2026Q3", True)
    assert not deliver(senders.police, deaths(2)).late


def test_a_quarter_opens_on_the_fifteenth_and_is_due_on_its_last_day() -> None:
    """WP-09: comparison Q2 2024 opens 2024-06-15 and is due 2024-06-30."""
    quarter = quarters.parse("2024q2")
    assert (quarter.opens, quarter.due) == (date(2024, 6, 15), date(2024, 6, 30))
    assert [str(one) for one in quarters.recent(date(2026, 2, 1), 3)] == ["2026Q1", "2025Q4", "2025Q3"]
    with pytest.raises(quarters.QuarterError):
        quarters.parse("2024-2")


def test_columns_named_once_are_remembered_for_the_sender(senders: SimpleNamespace) -> None:
    odd = ["人员", "证件", "性别", "出生日期", "区划代码", "亡故日", "类型"]
    batch = deliver(senders.police, files.csv(odd, [files.death(1)]), check=False)
    assert batch.state == "UPLOADED"
    assert batch.job == ""
    assert selectors_unmapped(senders.police, batch) == ["姓名", "死亡日期"]
    with use_scope(senders.police.scope):
        mapping = batch.mapping | {"人员": "name", "证件": "id_number", "亡故日": "death_date"}
        services.map_columns(batch=batch, mapping=mapping, actor=senders.police)
        assert services.check_now(public_id=batch.public_id, actor=senders.police).passed == 1
        assert ColumnMapping.objects.get().columns["亡故日"] == "death_date"
    again = deliver(senders.police, files.csv(odd, [files.death(2)]))
    assert (again.state, again.passed) == ("CHECKED", 1)
    # another body's columns are its own affair
    assert deliver(senders.court, files.csv(odd, [files.death(3)]), check=False).state == "UPLOADED"


def selectors_unmapped(actor: object, batch: Batch) -> list[str]:
    return selectors.unmapped(batch)


def test_a_column_chosen_twice_or_left_out_is_said(senders: SimpleNamespace) -> None:
    odd = ["人员", "别名", "身份证号", "死亡日期"]
    rows = [["石建国", "老石", files.number(1), "2026-07-01"]]
    batch = deliver(senders.police, files.csv(odd, rows), check=False)
    with use_scope(senders.police.scope):
        with pytest.raises(errors.NotPossible, match="选了不止一列"):
            services.map_columns(
                batch=batch, mapping=batch.mapping | {"人员": "name", "别名": "name"}, actor=senders.police
            )
        with pytest.raises(errors.NotPossible, match="还没有指定：姓名"):
            services.map_columns(batch=batch, mapping=dict(batch.mapping), actor=senders.police)


def test_corrected_rows_join_the_batch_they_belong_to(senders: SimpleNamespace) -> None:
    root = deliver(senders.police, bad_and_good())
    fixed = files.csv(files.DEATHS, [files.death(2), files.death(3)])
    extra = deliver(senders.police, fixed, supplements=root)
    with use_scope(senders.county.scope):
        with pytest.raises(NotNow, match="先确认原批次"):
            services.confirm(batch=selectors.get_batch(extra.public_id), actor=senders.county)
        services.confirm(batch=selectors.get_batch(root.public_id), actor=senders.county)
        services.confirm(batch=selectors.get_batch(extra.public_id), actor=senders.county)
        (delivery,) = selectors.effective("990101", str(QUARTER))["deaths"]
        assert [one.pk for one in delivery.batches] == [root.pk, extra.pk]
        assert delivery.rows == 4
        services.withdraw(batch=Batch.objects.get(pk=root.pk), actor=senders.county, reason="整批有误")
        assert selectors.effective("990101", str(QUARTER)) == {}


def test_the_latest_of_each_department_counts_and_older_ones_only_when_asked(
    senders: SimpleNamespace,
) -> None:
    before = QUARTER.before
    for actor, content, quarter in (
        (senders.police, deaths(1), QUARTER), (senders.police, deaths(2), QUARTER), (senders.court, deaths(3), before),
    ):  # fmt: skip
        batch = deliver(actor, content, quarter=quarter)
        with use_scope(senders.county.scope):
            services.confirm(batch=batch, actor=senders.county)
    with use_scope(senders.county.scope):
        now = selectors.effective("990101", str(QUARTER))["deaths"]
        assert [(one.root.provider, one.rows, one.stale) for one in now] == [("GA", 2, False)]
        both = selectors.effective("990101", str(QUARTER), use_stale=True)["deaths"]
        assert [(one.root.provider, one.rows, one.stale) for one in both] == [
            ("FY", 3, True),
            ("GA", 2, False),
        ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "是空的"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 60, "实际上是图片"),
        (files.xlsx(files.DEATHS, []), "只有表头"),
        (
            files.csv(["姓名", "身份证号", "学段", "状态"], [["石小明", files.number(1), "小学", "在校"]]),
            "“学籍”清单的，不是“死亡人员”",
        ),
    ],
)
def test_a_bad_file_leaves_nothing_behind(
    senders: SimpleNamespace, sealed_files: Path, content: bytes, sentence: str
) -> None:
    with pytest.raises((gate.BadFile, errors.Refused), match=sentence):
        deliver(senders.police, content)
    assert not [path for path in sealed_files.rglob("*") if path.is_file()]
    with use_scope(senders.county.scope):
        assert not Batch.objects.exists()


def test_a_check_that_cannot_go_on_ends_in_a_sentence_and_can_be_repeated(
    senders: SimpleNamespace,
) -> None:
    batch = deliver(senders.police, deaths(1), check=False)
    with use_scope(senders.police.scope):
        original = store.read(batch.public_id, "original")
        store.put(batch.public_id, "original", io.BytesIO(b"PAR1" + original))
        failed = services.check_now(public_id=batch.public_id, actor=senders.police)
        assert failed.state == "FAILED"
        assert "“清单.csv”" in failed.problem
        assert workflow.list_history("exchange.batch", batch.pk).last().reason == failed.problem
        store.put(batch.public_id, "original", io.BytesIO(original))
        assert services.check_now(public_id=batch.public_id, actor=senders.police).state == "CHECKED"


def test_departments_deliver_their_own_lists_only(senders: SimpleNamespace) -> None:
    with pytest.raises(PermissionDenied, match="不是“残疾人证”清单的提供部门"):
        deliver(senders.police, deaths(1), list_code="disability")
    with pytest.raises(PermissionDenied):
        deliver(senders.director, deaths(1))
    with pytest.raises(errors.NotPossible, match="由哪个部门提供"):
        deliver(senders.county, deaths(1))


def test_a_sealed_list_quotes_nothing_and_is_there_for_named_persons_only(senders: SimpleNamespace) -> None:
    """R-46.02: the county officer who is not on the list has neither the batch nor a task about it."""
    header = ["姓名", "身份证号", "报告日期"]
    rows = [
        ["石小明", files.number(1), "2026-01-02"],
        ["", files.number(2), "2025-12-13"],
        ["石小红", files.number(3), "密"],
    ]
    batch = deliver(senders.health, files.csv(header, rows), list_code="hiv")
    assert batch.sealed
    assert batch.reasons == [["有误", 2]]
    for nobody in (senders.police, senders.county):
        with use_scope(nobody.scope):
            assert not Batch.objects.exists()
            assert not workflow.list_mine(nobody).exists()
    with use_scope(senders.county.scope), pytest.raises(PermissionDenied, match="专管"):
        services.confirm(batch=batch, actor=senders.county)
    keeper = named(senders, officer(senders, "keeper"), "hiv")
    with use_scope(keeper.scope), compartments.opening(keeper, "hiv"):
        assert Matter.objects.get().words == "有一批专管清单待确认（2026Q3）"
        services.confirm(batch=Batch.objects.get(), actor=keeper)
    title = LISTS["hiv"].table.title
    with use_scope(senders.health.scope):
        assert title not in Notice.objects.get(post=senders.health.post).title


def test_rows_of_a_sealed_list_become_facts_of_the_child_once(senders: SimpleNamespace) -> None:
    """Found by token, told in neutral words, no second time; the file itself lies under the compartment's key."""
    about = child(senders)
    with use_scope(senders.county.scope):
        Child.objects.filter(pk=about.pk).update(
            id_kind="RESIDENT", id_token=vault.token(files.number(1), "id")
        )
    keeper = named(senders, officer(senders, "keeper"), "hiv")
    sheet = [["石小明", files.number(1), "2026-01-02"], ["石小红", files.number(3), "2026-01-03"]]
    for day, quarter in (("2026-01-03", QUARTER.before), ("2026-01-04", QUARTER)):
        sheet[1][2] = day
        batch = deliver(
            senders.health,
            files.csv(["姓名", "身份证号", "报告日期"], sheet),
            list_code="hiv",
            quarter=quarter,
        )
        with pytest.raises(CipherError):
            store.read(batch.public_id, "accepted.parquet")
        with use_scope(keeper.scope), compartments.opening(keeper, "hiv"):
            services.confirm(batch=Batch.objects.get(pk=batch.pk), actor=keeper)
    with use_scope(keeper.scope), compartments.opening(keeper, "hiv"):
        (fact,) = HivFact.objects.all()
        assert (fact.child_id, fact.opened()["since"]) == (about.pk, "2026-01-02")
        told = set(Matter.objects.filter(done_at=None).values_list("words", flat=True))
        assert told == {
            "重点关注儿童的专管资料有更新，请核对保障情况", "专管清单有 1 行未找到在册儿童，请核对",
        }  # fmt: skip


def test_an_example_row_left_in_the_template_goes_back(senders: SimpleNamespace) -> None:
    sheet = workbooks.template_xlsx("deaths")
    rows = python_calamine.load_workbook(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()[:2]
    filled = files.xlsx([str(one) for one in rows[0]], [[str(one) for one in rows[1]], files.death(1)])
    batch = deliver(senders.police, filled, name="死亡.xlsx")
    assert (batch.passed, batch.refused) == (1, 1)
    assert batch.reasons == [["这是模板的示例行，请删除", 1]]


@pytest.mark.parametrize("code", list(LISTS))
def test_every_template_is_read_by_its_own_list(code: str, tmp_path: Path) -> None:
    from hutong.domains.exchange.storage import staging
    from hutong.linkage.read import check_table

    for form, content in (("xlsx", workbooks.template_xlsx(code)), ("csv", workbooks.template_csv(code))):
        path = tmp_path / f"{code}.{form}"
        path.write_bytes(content)
        assert gate.examine(path, path.name).kind == form
        checked = check_table(path, LISTS[code].table)
        assert checked.rejected.num_rows == 0, checked.rejected.to_pylist()
        accepted, rejected = staging.settle(checked)
        assert (accepted.num_rows, rejected.num_rows) == (0, 1)
        assert not checked.unknown_columns


def test_kept_rows_read_again_are_the_same_rows(tmp_path: Path) -> None:
    """The comparison of the page reads what the comparison of the command line would have read."""
    from hutong.domains.exchange.storage import staging
    from hutong.linkage.read import check_table

    header = ["姓名", "身份证号", "类型", "起始日期", "月人均补助"]
    (tmp_path / "a.csv").write_bytes(
        files.csv(header, [["石小明", files.number(1), "最低生活保障", "20260101", "525.5"]], "gb18030")
    )
    spec = LISTS["low_income"].table
    once = check_table(tmp_path / "a.csv", spec)
    kept, _ = staging.settle(once)
    pyarrow.parquet.write_table(kept, tmp_path / "b.parquet")
    twice = check_table(tmp_path / "b.parquet", spec)
    assert twice.accepted.drop_columns(["row"]).to_pylist() == once.accepted.drop_columns(["row"]).to_pylist()
    assert kept[staging.ROW].to_pylist() == [2]
