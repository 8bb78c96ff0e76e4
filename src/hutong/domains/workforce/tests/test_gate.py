"""Who may sign, and from when (R-34.02, R-34.03, law.md §18; WP-19, WP-20)."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction
from hypothesis import given
from hypothesis import strategies as st

from hutong.domains.leads import services as leads
from hutong.domains.leads.machines import lead as machine
from hutong.domains.leads.models import Lead
from hutong.domains.leads.tests.factories import AS_OF, child, row
from hutong.domains.workforce import selectors, services
from hutong.domains.workforce.models import Appointment, Worker
from hutong.domains.workforce.selectors import people, rules
from hutong.domains.workforce.services import reminding
from hutong.domains.workforce.tests.conftest import SANG, TODAY, Keeper, bar
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.network.models import Holding
from hutong.foundation.workflow import selectors as workflow
from hutong.kernel import clock

Work = list[tuple[str, date]]


def work(actor: Acting) -> Work:
    with use_scope(actor.scope):
        return list(
            workflow.list_mine(actor).filter(kind__startswith="workforce").values_list("kind", "due_on")
        )


def test_wp_20_a_director_who_is_not_examined_signs_nothing(fresh: Acting, keeper: Keeper) -> None:
    assert "还没有登记实名信息" in bar(fresh)
    worker = keeper.register(fresh)
    keeper.check(worker, date(2026, 9, 20))
    keeper.train(worker, date(2026, 9, 25), passed=False)
    assert "岗前培训考核还没有合格" in bar(fresh)
    with use_scope(fresh.scope), pytest.raises(PermissionDenied, match="请联系儿童督导员补办"):
        services.check_may_sign(fresh)
    keeper.train(worker, date(2026, 10, 9))
    assert bar(fresh) == ""


def test_wp_19_examined_she_works_for_a_year_and_the_days_of_grace(fresh: Acting, keeper: Keeper) -> None:
    with clock.frozen(date(2024, 2, 5)):
        worker = keeper.register(fresh)
        keeper.train(worker, date(2024, 2, 1))
        keeper.check(worker, date(2024, 2, 1))
        assert (bar(fresh), keeper.state(worker)) == ("", "ACTIVE")
        state = selectors.standing(worker, clock.today())
        assert state.retrain_due == date(2025, 2, 1)
    with clock.frozen(date(2025, 2, 1)):
        reminding.sweep()
        assert (bar(fresh), keeper.state(worker)) == ("", "RETRAIN_DUE")
    with clock.frozen(date(2025, 3, 20)):
        keeper.check(worker, date(2025, 3, 1))
        assert bar(fresh) == ""
    with clock.frozen(date(2025, 4, 3)):
        assert "年度轮训已于 2025-02-01 到期" in bar(fresh)
        keeper.train(worker, date(2025, 4, 2), passed=None)
        assert (bar(fresh), keeper.state(worker)) == ("", "ACTIVE")


def test_without_a_check_or_with_a_bad_one_nobody_signs(fresh: Acting, keeper: Keeper) -> None:
    worker = keeper.register(fresh)
    keeper.train(worker, date(2026, 10, 9))
    assert "还没有背景查询结果" in bar(fresh)
    keeper.check(worker, date(2026, 10, 10))
    assert (bar(fresh), keeper.state(worker)) == ("", "ACTIVE")
    bad = keeper.check(worker, date(2026, 10, 11), "FOUND")
    assert keeper.state(worker) == "SUSPENDED"
    assert "不适合从事此项工作" in bar(fresh)
    with use_scope(keeper.actor.scope):
        stopped = selectors.get_appointment(worker, worker.appointments.get().public_id)
        with pytest.raises(PermissionDenied, match="不能恢复"):
            services.resume(stopped, actor=keeper.actor, reason="人手不够")
        services.withdraw(bad, actor=keeper.actor, reason="同名同姓，查错了人")
        stopped.refresh_from_db()
        services.resume(stopped, actor=keeper.actor, reason="查询有误已撤销")
    assert (bar(fresh), keeper.state(worker)) == ("", "ACTIVE")


def test_the_verdict_of_a_lead_is_refused_and_nothing_is_written(
    fresh: Acting, keeper: Keeper, cast: SimpleNamespace
) -> None:
    Holding.objects.filter(pk=cast.next_director.holdings[0].pk).update(until=TODAY - timedelta(days=1))
    with use_scope(cast.county.scope):
        of = child(SANG)
        leads.receive(rows=[row(of)], run_id=1, as_of=AS_OF, pack="base", actor=cast.county)
        lead = Lead.objects.select_related("child", "owner_post").get(child=of)
        workflow_items = list(workflow.list_mine(fresh))
    if not workflow_items:
        pytest.fail("the lead went to somebody who has left")
    facts = {
        "lead": lead,
        "answer": "TRUE",
        "words": "入户见到祖母。",
        "checked_on": TODAY,
        "seen": "祖母",
        "actor": fresh,
    }
    with use_scope(fresh.scope):
        with pytest.raises(PermissionDenied, match="您还不能签署走访和核实结果"):
            leads.verdict(**facts)  # type: ignore[arg-type]
        lead.refresh_from_db()
        assert (lead.state, lead.words) == ("OPEN", "")
    worker = keeper.register(fresh)
    keeper.train(worker, TODAY)
    keeper.check(worker, TODAY)
    with use_scope(fresh.scope):
        assert leads.verdict(**facts).state == machine.TRUE  # type: ignore[arg-type]


def test_nobody_writes_her_own_examination(cast: SimpleNamespace) -> None:
    actor = cast.supervisor
    with use_scope(actor.scope):
        worker = Worker.objects.get(user=actor.user)
        with pytest.raises(PermissionDenied, match="不能登记自己的"):
            services.add_training(worker, actor=actor, held_on=TODAY, organiser="甲县民政局")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Worker.objects.filter(pk=worker.pk).update(trained_on=TODAY)


def test_a_supervisor_of_another_place_finds_nobody(
    fresh: Acting, keeper: Keeper, cast: SimpleNamespace
) -> None:
    worker = keeper.register(fresh)
    with use_scope(cast.stranger_county.scope):
        with pytest.raises(Worker.DoesNotExist):
            selectors.get_worker(cast.stranger_county, worker.public_id)
        assert not Appointment.objects.exists()


def test_what_is_missing_stands_on_the_worklist_until_it_is_there(fresh: Acting, keeper: Keeper) -> None:
    reminding.sweep()
    reminding.sweep()
    assert work(keeper.actor) == [("workforce.register", date(2026, 10, 19))]
    worker = keeper.register(fresh)
    reminding.sweep()
    assert [kind for kind, _ in work(keeper.actor)] == ["workforce.prepare"]
    keeper.train(worker, TODAY)
    keeper.check(worker, TODAY)
    reminding.sweep()
    assert work(keeper.actor) == []
    with clock.frozen(date(2027, 9, 20)):
        reminding.sweep()
        assert work(keeper.actor) == [
            ("workforce.retrain", date(2027, 10, 12)), ("workforce.recheck", date(2027, 10, 12)),
        ]  # fmt: skip
        keeper.train(worker, date(2027, 9, 19), passed=None)
        assert work(keeper.actor) == [("workforce.recheck", date(2027, 10, 12))]


def test_whoever_leaves_the_post_has_left_here_too(fresh: Acting, keeper: Keeper) -> None:
    worker = keeper.register(fresh)
    Holding.objects.filter(user=fresh.user).update(until=TODAY)
    with clock.frozen(TODAY + timedelta(days=1)):
        reminding.sweep()
        with use_scope(keeper.actor.scope):
            assert [one.state for one in worker.appointments.all()] == ["REPLACED"]


DAYS = st.none() | st.dates(date(2024, 1, 1), TODAY)


@given(trained=DAYS, examined=DAYS, checked=DAYS, found=st.booleans())
def test_the_condition_for_lists_and_the_sentence_say_the_same(
    trained: date | None, examined: date | None, checked: date | None, found: bool
) -> None:
    """``people.may_sign`` and ``rules.standing``: the cut-off of the SQL is the last day of the sentence."""
    known = Worker(trained_on=trained, examined_on=examined, checked_on=checked, check_result="")
    known.check_result = ("FOUND" if found else "CLEAR") if checked else ""
    training = people._cut("retrain_months", TODAY, -60)
    checks = people._cut("check_months", TODAY, -30)
    last = max(filter(None, (trained, examined)), default=None)
    by_sql = (
        checked is not None and checked >= checks and known.check_result != "FOUND" and examined is not None
        and last is not None and last >= training
    )  # fmt: skip
    assert rules.standing(known, TODAY).may_sign == by_sql


def test_the_list_counts_as_the_sentence_says(fresh: Acting, keeper: Keeper, cast: SimpleNamespace) -> None:
    worker = keeper.register(fresh)
    keeper.train(worker, date(2025, 8, 1))
    keeper.check(worker, date(2025, 9, 12))
    with use_scope(system_scope("test")):
        for shift in (0, 1, 18, 19):
            Worker.objects.filter(pk=worker.pk).update(
                trained_on=date(2025, 8, 13) - timedelta(days=shift), examined_on=date(2025, 1, 1)
            )
            with use_scope(cast.county.scope):
                listed = selectors.list_team(cast.county, state="barred").filter(user=fresh.user).exists()
            assert listed == bool(bar(fresh)), shift
        figures = selectors.figures(cast.county)
    assert figures.people == 4
