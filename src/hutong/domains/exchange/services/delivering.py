"""First act: taking a file in. It is looked at, sealed and remembered; nothing of it counts yet."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.db import IntegrityError, transaction

from hutong.domains.exchange import permissions, selectors
from hutong.domains.exchange.data.quarters import Quarter
from hutong.domains.exchange.machines import batch as machine
from hutong.domains.exchange.models import Batch, new_id
from hutong.domains.exchange.permissions import check_can_deliver
from hutong.domains.exchange.services import checking
from hutong.domains.exchange.services.errors import AlreadyDelivered, BadFile, NotPossible
from hutong.domains.exchange.storage import gate, sandbox, store
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas, clock
from hutong.linkage.catalogue import LISTS

Agreed = Callable[[int], None]
"""Told how many rows a sender delivers; raises where more were sent than agreed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What looking at the file told."""

    path: Path
    kind: gate.Kind
    sha256: str
    size: int
    headers: list[str]
    rows: int


def deliver(
    *, actor: Acting, list_code: str, quarter: Quarter, name: str, source: BinaryIO, provider: str = "",
    supplements: Batch | None = None, check: bool = True, agreed: Agreed | None = None,
    complete: bool = False,
) -> Batch:  # fmt: skip
    """Take one file for a list and quarter; starts the check when every required column is recognised.

    ``source`` is read from where it stands. ``provider``: the department it comes from (needed when the actor may
    deliver for several). ``check`` False leaves the check to the caller; ``agreed`` is
    told the number of rows and may refuse them; ``complete`` refuses headers that somebody would have to explain. BadFile and Refused say what is wrong with
    the file, AlreadyDelivered names the earlier batch, NotPossible a choice that does not fit.
    """
    check_can_deliver(actor, list_code)
    root = root_of(supplements, list_code, quarter)
    provider = root.provider if root else _provider(actor, list_code, provider)
    name = Path(name.replace("\\", "/")).name[-120:] or "未命名"
    with store.workspace() as folder:
        seen = look(folder, source, name, list_code)
        if agreed is not None:
            agreed(seen.rows)
        county = areas.county(actor.post.area_code)
        _refuse_twice(county, quarter, seen.sha256)
        now = clock.now()
        batch = Batch(
            public_id=new_id(), list_code=list_code, provider=provider, quarter=str(quarter), area_code=county,
            sealed=LISTS[list_code].table.sealed, late=quarter.late(now.date()), supplements=root,
            sender_org=actor.post.org, sender_post=actor.post, uploaded_by=actor.user, uploaded_at=now,
            file_name=name, kind=seen.kind, size=seen.size, sha256=seen.sha256, headers=seen.headers,
        )  # fmt: skip
        batch.mapping = selectors.mapping_for(batch)
        if complete and (missing := selectors.unmapped(batch)):
            raise NotPossible(
                f"表头没有全部认出来，还缺：{'、'.join(missing)}。请使用清单的列名或列代码后重新发送。"
            )
        _keep(batch, seen.path, actor)
    if check and not selectors.unmapped(batch):
        checking.start_check(batch=batch, actor=actor)
    return batch


def look(folder: Path, source: BinaryIO, name: str, list_code: str) -> Seen:
    """Size, content, headers; what rehearsing does as well."""
    path, sha, size = folder / "sent", hashlib.sha256(), 0
    with path.open("wb") as sink:
        while block := source.read(1 << 20):
            size += len(block)
            if size > gate.LIMITS.size:
                break  # the gate says how big is too big
            sha.update(block)
            sink.write(block)
        if size > gate.LIMITS.size:
            sink.truncate(gate.LIMITS.size + 1)
    told = sandbox.look(folder, name, gate.LIMITS)
    _refuse_other_list(told["headers"], told["fits"], list_code, name)
    return Seen(
        folder / f"file.{told['kind']}", told["kind"], sha.hexdigest(), size, told["headers"], told["rows"]
    )


def _refuse_other_list(headers: list[str], fits: list[str], list_code: str, name: str) -> None:
    """A file that is plainly another list: its headers fulfil that one and hardly anything of the chosen one."""
    table = LISTS[list_code].table
    if not fits or list_code in fits:
        return
    from hutong.linkage.read import guess_mapping

    own = {column.code for column in table.columns if column.required} - {"name"}
    if not own & set(guess_mapping(headers, table).values()):
        other = LISTS[fits[0]].table
        title = "另一类" if other.sealed else f"“{other.title}”"
        raise BadFile(
            f"“{name}”的表头是{title}清单的，不是“{table.title}”清单的。请核对清单类别或文件后重新上传。"
        )


def root_of(supplements: Batch | None, list_code: str, quarter: Quarter) -> Batch | None:
    """The batch that corrected rows belong to; NotPossible where they cannot be added to it."""
    if supplements is None:
        return None
    root = supplements.supplements or supplements
    if root.list_code != list_code or root.quarter != str(quarter):
        raise NotPossible("补报的清单和季度必须与原批次一致。")
    if root.state not in (machine.CHECKED, machine.CONFIRMED):
        raise NotPossible("原批次已撤回或未通过，不能补报。请作为新的一批上传。")
    return root


def _provider(actor: Acting, list_code: str, chosen: str) -> str:
    possible = permissions.providers_for(actor, list_code)
    if not chosen and len(possible) == 1:
        return possible[0]
    if chosen not in possible:
        raise NotPossible("请选择这份清单由哪个部门提供。")
    return chosen


def _refuse_twice(county: str, quarter: Quarter, sha256: str) -> None:
    same = Batch.objects.filter(area_code=county, quarter=str(quarter), sha256=sha256)
    earlier = same.exclude(state__in=machine.DEAD).first()
    if earlier is not None:
        when = f"{earlier.uploaded_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"
        raise AlreadyDelivered(
            earlier.public_id,
            f"同一份文件已于 {when} 上传过（{quarter.label}），不必重复上传，请查看原批次。",
        )


def _keep(batch: Batch, path: Path, actor: Acting) -> None:
    """File and row together: a row that cannot be written leaves no file behind."""
    try:
        store.put_file(batch.public_id, "original", path, compartment=batch.compartment)
        with transaction.atomic():
            batch.save(force_insert=True)
            workflow.begin(batch, actor=actor, right="exchange.upload")
    except IntegrityError:
        store.drop(batch.public_id)
        raise AlreadyDelivered("", "同一份文件本季度已由其他岗位上传，不必重复上传。") from None
    except BaseException:
        store.drop(batch.public_id)
        raise
