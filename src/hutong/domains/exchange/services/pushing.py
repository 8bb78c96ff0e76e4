"""One event, the moment it happens: checked like a row of its list, sealed, and compared for the one child it may concern.

It never changes a record. Only a number that is exactly on file makes a lead at once; whom a row without one may mean is
for the quarter's comparison, where all candidates compete (ADR 0021).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from django.db import IntegrityError, transaction

from hutong.domains.exchange import permissions, selectors
from hutong.domains.exchange.data import limits, quarters
from hutong.domains.exchange.machines import push as machine
from hutong.domains.exchange.models import Push, new_id
from hutong.domains.exchange.services import rehearsing
from hutong.domains.exchange.services.errors import AlreadyDelivered, NotPossible, Refused
from hutong.domains.exchange.storage import sandbox, store
from hutong.domains.leads import services as leads
from hutong.domains.policy import selectors as policy
from hutong.domains.registry import selectors as registry
from hutong.foundation.access import systems, vault
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import Scope, use_scope
from hutong.foundation.network.models import Org
from hutong.foundation.workflow import longjobs
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas, clock, ids
from hutong.linkage.catalogue import LISTS
from hutong.linkage.contract import DEPARTMENTS

JOB: Final = "exchange.push"
COMPARER: Final = "compare"
PART: Final = "accepted.parquet"
MEMORY: Final = "256MB"
_YEAR: Final = timedelta(days=365)


def push(*, actor: Acting, list_code: str, row: Mapping[str, Any]) -> Push:
    """Take one row in and have it compared. Refused with the reason when the row does not fit its list.

    NotPossible: no such column, or numbers counted up; AlreadyDelivered: the same row of the same sender still stands.
    """
    provider = permissions.check_can_push(actor, list_code)
    found, content = read_row(list_code, row)
    _refuse_counted_up(actor, list_code, found)
    county, today = areas.county(actor.post.area_code), clock.today()
    sealed = LISTS[list_code].table.sealed
    one = Push(
        public_id=new_id(), list_code=list_code, provider=provider, quarter=str(quarters.of(today)), area_code=county,
        sealed=sealed, sender_org=actor.post.org, sender_post=actor.post, sent_by=actor.user, sent_at=clock.now(),
        person_token="" if sealed else vault.token(found["id_number"] or "", "id"),
        mark=vault.token(json.dumps(found, ensure_ascii=False, sort_keys=True), "push"), series=_series(found),
    )  # fmt: skip
    _keep(one, content, actor)
    comparer = systems.find(kind=COMPARER, number=county)
    if comparer is not None:
        job = workflow.start_job(
            kind=JOB,
            title=f"单条推送比对：{one.neutral_title}",
            actor=comparer,
            params={"push": one.public_id},
        )
        Push.objects.filter(pk=one.pk).update(job=job.public_id)
    return one


def read_row(
    list_code: str, row: Mapping[str, Any], *, fictitious: bool = False
) -> tuple[dict[str, Any], bytes]:
    """(values in contract form, the sealed file's content) of one row, by the check every list goes through."""
    import io

    import pyarrow.parquet

    with store.workspace() as folder:
        (folder / "row.csv").write_bytes(rehearsing.as_csv(list_code, [row]))
        report = sandbox.run(
            "check", folder, rehearsing.NAME, file="row.csv", list=list_code, mapping=None, fictitious=fictitious,
            programs=fictitious,
        )  # fmt: skip
        if report["refused"]:
            raise Refused(
                f"这条数据不符合“{LISTS[list_code].table.title}”清单的要求：{report['reasons'][0][0]}。请改正后重新推送。"
            )
        if not report["passed"]:
            raise Refused("这条数据是空的，没有受理。请补上人员和事项后重新推送。")
        content = (folder / PART).read_bytes()
    found = pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist()[0]
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in found.items()
    }, content


def _series(found: Mapping[str, Any]) -> str:
    """Keyed token of place and birthday in the number: many of one are a sign of counting up."""
    number = str(found["id_number"] or "")
    return vault.token(number[:14], "series") if ids.find(number) else ""


def _refuse_counted_up(actor: Acting, list_code: str, found: Mapping[str, Any]) -> None:
    series = _series(found)
    if not series:
        return
    recent = Push.objects.filter(sender_post=actor.post, series=series, sent_at__gt=clock.now() - _YEAR)
    if recent.values("person_token", "mark").distinct().count() >= limits.value("push_series_most"):
        raise NotPossible(
            "近一年内推送的同一地区、同一天出生的不同号码过多，像按顺序编出来的号码，已拒收。"
            "请核对数据来源；如确为登记数据，请与县级民政部门联系说明。"
        )


def _keep(one: Push, content: bytes, actor: Acting) -> None:
    import io

    try:
        store.put(one.public_id, PART, io.BytesIO(content))
        with transaction.atomic():
            one.save(force_insert=True)
            workflow.begin(one, actor=actor, right="exchange.push")
    except IntegrityError:
        store.drop(one.public_id)
        raise AlreadyDelivered(
            "", "同一条数据已经推送过，不必重复推送。如内容有变，请先撤回原推送。"
        ) from None
    except BaseException:
        store.drop(one.public_id)
        raise


def set_up_comparer(*, org: Org, county: str) -> Acting:
    """The platform's own comparison of a county, under whose name the leads of pushes are made."""
    return systems.set_up(
        kind=COMPARER,
        number=county,
        name=f"{org.name}自动比对"[:40],
        org=org,
        role="COMPARISON_SYSTEM",
        area_code=county,
    )


def run_job(handle: longjobs.LongJobHandle) -> str:
    compare_now(public_id=handle.params["push"], actor=handle.actor)
    return ""


def compare_now(*, public_id: str, actor: Acting) -> Push:
    """Compare for the child the row exactly names, if there is one; leads, if any, and the end in one transaction."""
    with use_scope(actor.scope):
        one = Push.objects.get(public_id=public_id)
        if one.state != machine.RECEIVED:
            return one
        named = registry.list_of_number(_number(one))
        concerned = [child.pk for child in named]
    rows: list[dict[str, Any]] = []
    version = ""
    if concerned:
        with store.workspace() as folder:
            rows, version = _compare(one, actor, concerned, folder)
    with use_scope(actor.scope), transaction.atomic():
        if rows:
            label = f"{DEPARTMENTS.get(one.provider, one.provider)}单条推送"
            leads.receive(
                rows=rows, run_id=-one.pk, as_of=clock.today(), pack=policy.pack_for(one.area_code, clock.today()),
                version=version, actor=actor, run_label=label,
            )  # fmt: skip
        return workflow.apply(one, "compare", actor=actor)


def _number(one: Push) -> str:
    import pyarrow as pa
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(pa.BufferReader(store.read(one.public_id, PART)))
    return str(table["id_number"][0].as_py() or "")


def _compare(
    one: Push, actor: Acting, concerned: list[int], folder: Path
) -> tuple[list[dict[str, Any]], str]:
    """Its leads, and the version of the rules: the same comparison as the quarter's, over these children and what the lists say of them and their kin."""
    from hutong.domains.exchange.storage import handover
    from hutong.domains.registry import transfer
    from hutong.linkage import difference
    from hutong.linkage import run as linkage

    # no place at all, and these children one by one: row security leaves exactly their files
    alone = Scope(lo="~", hi="", extra=tuple(concerned), role=actor.role, purpose="单条推送比对")
    today = clock.today()
    transfer.export_folder(folder / "registry", alone)
    with use_scope(actor.scope):
        deliveries = selectors.effective(one.area_code, one.quarter, use_stale=True)
        pushes = selectors.list_pushes_before(one)
        merged = handover.write_lists(folder / "lists", deliveries, [*pushes, one], about=folder / "registry")
        pack = policy.pack_for(one.area_code, today)
        book = policy.book(pack, today, one.area_code)
    terms = difference.Terms(
        due={kind: policy.due_day(kind, pack=pack, start=today) for kind in difference.KINDS}
    )
    linkage.compare(
        folder / "registry", folder / "lists", today, book.evaluate_table, book.explain, folder / "out", terms=terms,
        pack=pack, pack_version=str(book.version), memory=MEMORY, threads=1,
    )  # fmt: skip
    found = handover.leads(folder / "out" / "leads.parquet", merged)
    own = [
        row
        for row in found
        if any(item.get("batch") == one.public_id for item in json.loads(row["evidence"]))
    ]
    return own, str(book.version)
