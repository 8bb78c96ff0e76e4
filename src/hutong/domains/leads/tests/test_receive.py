"""Taking in a comparison's result (R-24.04, R-43.02, R-05.08; data contract §3)."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from hutong.domains.leads import services
from hutong.domains.leads.models import Finding, Lead
from hutong.domains.leads.tests.factories import AS_OF, LIU, SANG, SHI, child, death, row
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import use_scope
from hutong.foundation.workflow.models import Outbox, WorkItem
from hutong.kernel import clock

TODAY = date(2026, 10, 9)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.frozen(TODAY):
        yield


def take(actor: Acting, rows: list[dict[str, Any]], as_of: date = AS_OF, run_id: int = 1) -> dict[str, int]:
    return services.receive(
        rows=rows, run_id=run_id, run_label="2026年第三季度", as_of=as_of, pack="base", actor=actor
    )


def test_a_lead_goes_to_the_director_of_the_childs_village(cast: SimpleNamespace) -> None:
    with use_scope(cast.county.scope):
        counts = take(cast.county, [row(child()), row(child(SANG), "EMERGENCY", "")])
    assert counts["new"] == 2
    with use_scope(cast.director.scope):
        lead = Lead.objects.get()
        assert (lead.area_code, lead.owner_post, lead.monthly_due) == (LIU, cast.director.post, 165100)
        item = WorkItem.objects.get()
        assert (item.due_on, item.owner_post) == (date(2026, 11, 5), cast.director.post), "20 个工作日"
    with use_scope(cast.next_director.scope):
        assert WorkItem.objects.get().due_on == date(2026, 10, 10), (
            "急需关爱 1 个工作日（10 月 10 日调休上班）"
        )


def test_strangers_see_no_lead(cast: SimpleNamespace) -> None:
    with use_scope(cast.county.scope):
        take(cast.county, [row(child())])
    for who in (cast.stranger, cast.stranger_county, cast.next_director):
        with use_scope(who.scope):
            assert not Lead.objects.exists()
            assert not WorkItem.objects.exists()


def test_without_a_director_the_supervisor_gets_it(cast: SimpleNamespace) -> None:
    with use_scope(cast.county.scope):
        take(cast.county, [row(child("990101101203"))])
        lead = Lead.objects.get()
    assert lead.owner_post == cast.supervisor.post
    assert lead.no_director


def test_a_rerun_doubles_nothing(cast: SimpleNamespace) -> None:
    with use_scope(cast.county.scope):
        rows = [row(child()), row(child())]
        take(cast.county, rows)
        counts = take(cast.county, rows, run_id=2)
        assert (counts["same"], counts["new"], Lead.objects.count(), WorkItem.objects.count()) == (2, 0, 2, 2)


def test_row_numbers_are_no_news_and_new_evidence_refreshes(cast: SimpleNamespace) -> None:
    with use_scope(cast.county.scope):
        of = child()
        take(cast.county, [row(of, evidence=[death(row=7)])])
        assert take(cast.county, [row(of, evidence=[death(row=70)])], run_id=2)["same"] == 1
        counts = take(cast.county, [row(of, evidence=[death("2026-08-02")])], run_id=3)
        lead = Lead.objects.get()
        assert (counts["refreshed"], lead.run_id) == (1, 3)
        assert lead.evidence[0]["from"] == "2026-08-02"
        kept = Finding.objects.order_by("pk").values_list("evidence", flat=True)
        assert [one[0]["from"] for one in kept] == ["2026-08-01", "2026-08-02"]


def test_the_same_difference_twice_in_one_result_is_one_lead(cast: SimpleNamespace) -> None:
    with use_scope(cast.county.scope):
        of = child()
        counts = take(cast.county, [row(of), row(of)])
        assert (counts["new"], counts["same"]) == (1, 1)


def test_a_child_not_on_file_is_counted_not_guessed(cast: SimpleNamespace) -> None:
    with use_scope(cast.county.scope):
        counts = take(cast.county, [row("NOBODY")])
        assert (counts["unknown"], Lead.objects.count()) == (1, 0)


def test_residence_in_another_county_is_worked_from_the_hukou(cast: SimpleNamespace) -> None:
    """R-01.04 两地协调: the comparing county has no post there."""
    with use_scope(cast.county.scope):
        take(cast.county, [row(child(SHI, residence_area="990102101201"))])
        assert Lead.objects.get().area_code == SHI


def test_sealed_evidence_is_not_kept(cast: SimpleNamespace) -> None:
    """WX-01: the village director sees that there is a sealed ground, never which."""
    tree = {"label": "参照孤儿", "value": True, "conditions": [{"label": "艾滋病病毒感染", "value": True}]}
    hiv = {"list": "hiv", "row": 3, "subject": "child", "fact": "hiv", "link": "exact", "from": "2026-01-01"}
    with use_scope(cast.county.scope):
        take(cast.county, [row(child(), scheme="REF-ORPHAN", evidence=[hiv], why=tree)])
        lead = Lead.objects.get()
    said = f"{lead.evidence}{lead.why}"
    assert lead.sealed
    assert "hiv" not in said
    assert "艾滋" not in said
    assert "密封依据" in said


def test_sources_mark_stale_lists(cast: SimpleNamespace) -> None:
    sources = {"deaths": {"title": "死亡人员", "provider": "公安局", "stale": True}}
    with use_scope(cast.county.scope):
        services.receive(
            rows=[row(child())], run_id=1, as_of=AS_OF, pack="base", actor=cast.county, sources=sources
        )
        assert Lead.objects.get().evidence[0]["stale"] is True


def test_one_notice_a_post_and_one_a_run(cast: SimpleNamespace) -> None:
    from hutong.foundation.access.scope import system_scope

    with use_scope(cast.county.scope):
        take(cast.county, [row(child()), row(child()), row(child(SANG), "EMERGENCY", "")])
    with use_scope(system_scope("test")):
        titles = sorted(
            one["title"] for one in Outbox.objects.values_list("payload", flat=True) if "title" in one
        )
    assert titles == ["新线索 1 条待核实，其中急需关爱 1 条，1 个工作日内核实", "新线索 2 条待核实"]


def test_only_who_may_compare_receives(cast: SimpleNamespace) -> None:
    with use_scope(cast.director.scope), pytest.raises(PermissionDenied, match="没有“发起比对”"):
        take(cast.director, [])


def test_a_thousand_leads_take_a_fixed_number_of_queries(
    cast: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    with use_scope(cast.county.scope):
        rows = [row(child()) for _ in range(300)]
        with django_assert_max_num_queries(20):
            assert take(cast.county, rows)["new"] == 300
