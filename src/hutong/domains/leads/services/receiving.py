"""Taking in what a comparison found: one lead for one difference, however often it is found."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.urls import reverse

from hutong.domains.leads import permissions
from hutong.domains.leads.machines import lead as machine
from hutong.domains.leads.models import KINDS, Correction, Finding, Lead
from hutong.domains.leads.services import incoming
from hutong.domains.leads.services.incoming import Incoming
from hutong.domains.policy import selectors as policy
from hutong.domains.policy.services import Found, keep_found
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import services as workflow
from hutong.kernel import clock

SUBJECT: Final = permissions.SUBJECT
VERIFY: Final = permissions.VERIFY
URGENT: Final = "EMERGENCY"
CHUNK: Final = 5000
Progress = Callable[[int, int, str], Any]
Key = tuple[int, str, str]


@dataclass(slots=True)
class _World:
    """What is already known of the children named: by child, kind and scheme."""

    children: dict[str, Child] = field(default_factory=dict)
    live: dict[Key, Lead] = field(default_factory=dict)
    ended: dict[Key, Lead] = field(default_factory=dict)
    doubts: dict[tuple[int, str], Correction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Run:
    run_id: int
    label: str
    as_of: date
    pack: str
    version: str
    actor: Acting
    today: date


@transaction.atomic
def receive(
    *, rows: Iterable[Mapping[str, Any]], run_id: int, as_of: date, pack: str, version: str = "", actor: Acting,
    run_label: str = "",     sources: Mapping[str, Mapping[str, Any]] | None = None, progress: Progress | None = None,
) -> dict[str, int]:  # fmt: skip
    """Leads of a run (rows of data contract §3) → leads with owners, worklist items and notices; all or nothing.

    A live lead found again is refreshed, not doubled; the same content already closed in this quarter is left alone; in a
    later quarter it comes again and says how it ended before. ``sources``: list code → title, provider, batch, quarter,
    stale. ``version``: of the rules that made the rows; '' where the pack's own file did. Returns counts: rows, new, refreshed, same, closed_before, unknown (no file within scope), unowned, and by kind.
    """
    actor.check("compare.run")
    found = [incoming.read(row, sources or {}) for row in rows]
    run = _Run(
        run_id, run_label or _named(as_of), as_of, pack, version or _own_version(pack, as_of), actor, clock.today()
    )  # fmt: skip
    counts: Counter[str] = Counter(rows=len(found))
    made: list[Lead] = []
    for start in range(0, len(found), CHUNK):
        part = found[start : start + CHUNK]
        world = _world(part)
        made += _place(part, world, run, counts)
        if progress:
            progress(min(start + CHUNK, len(found)), len(found), "生成线索")
    _hand_out(made, run)
    for lead in made:
        counts[f"new_{lead.kind}"] += 1
    return dict(counts)


def _world(part: list[Incoming]) -> _World:
    numbers = {one.file_no for one in part}
    children = {child.file_no: child for child in Child.objects.filter(file_no__in=numbers)}
    keys = [child.pk for child in children.values()]
    world = _World(children=children)
    for lead in Lead.objects.filter(child_id__in=keys).select_related("owner_post").order_by("pk"):
        key = (lead.child_id, lead.kind, lead.scheme)
        if lead.live:
            world.live[key] = lead
        elif lead.state != machine.SUPERSEDED:
            world.ended[key] = lead
    for doubt in Correction.objects.filter(child_id__in=keys).order_by("pk"):
        world.doubts[doubt.child_id, doubt.mark] = doubt
    return world


def _place(part: list[Incoming], world: _World, run: _Run, counts: Counter[str]) -> list[Lead]:
    """New leads, saved with their first finding and history line; live ones refreshed."""
    fresh: dict[Key, tuple[Incoming, Child]] = {}
    again: list[tuple[Lead, Incoming]] = []
    for one in part:
        child = world.children.get(one.file_no)
        if child is None:
            counts["unknown"] += 1
            continue
        key = (child.pk, one.kind, one.scheme)
        _doubt(one, child, world)
        live, ended = world.live.get(key), world.ended.get(key)
        if key in fresh or (live is not None and live.digest == one.digest):
            counts["same"] += 1
        elif live is not None:
            again.append((live, one))
        elif (
            ended is not None and ended.digest == one.digest and _quarter(ended.as_of) == _quarter(run.as_of)
        ):
            counts["closed_before"] += 1
        else:
            fresh[key] = (one, child)
    counts["refreshed"] += len(again)
    _refresh(again, run)
    return _create(fresh, world, run, counts)


def _own_version(pack: str, as_of: date) -> str:
    """The version of the pack's own file; '' where it does not serve the day."""
    try:
        return policy.book(pack, as_of, "").version
    except policy.PackError:
        return ""


def _named(as_of: date) -> str:
    return f"{as_of.year}年第{'一二三四'[_quarter(as_of)[1]]}季度比对"


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3


def _doubt(one: Incoming, child: Child, world: _World) -> None:
    """Say beside a row that somebody has already found it wrong."""
    for row in one.evidence:
        doubt = world.doubts.get((child.pk, incoming.mark(row)))
        if doubt is not None:
            row["doubt"] = f"{doubt.verified_on} 已核实不属实：{doubt.words[:100]}"


def _area(child: Child, actor: Acting) -> str:
    """The responsible village: of residence, or of hukou where the residence lies beyond the county comparing."""
    return child.residence_area if actor.scope.covers(child.residence_area) else child.hukou_area


def _create(
    fresh: dict[Key, tuple[Incoming, Child]], world: _World, run: _Run, counts: Counter[str]
) -> list[Lead]:
    posts = network.responsible_posts(_area(child, run.actor) for _, child in fresh.values())
    due = {kind: policy.due_day(kind, pack=run.pack, start=run.today) for kind in KINDS}
    made = []
    for key, (one, child) in fresh.items():
        area = _area(child, run.actor)
        owner, no_director = posts[area]
        counts["unowned"] += owner is None
        lead = _lead(one, child, run, area, owner or run.actor.post, due[one.kind])
        lead.no_director = no_director
        lead.repeat_of = world.ended.get(key)
        made.append(lead)
    Lead.objects.bulk_create(made, batch_size=1000)
    workflow.begin_many(made, actor=run.actor, right="compare.run", reason=run.label)
    Finding.objects.bulk_create([_finding(lead, run) for lead in made], batch_size=1000)
    _keep(made, run)
    counts["new"] += len(made)
    return made


def _lead(one: Incoming, child: Child, run: _Run, area: str, owner: Post, due: date) -> Lead:
    return Lead(
        lead_id=one.lead_id, run_id=run.run_id, run_label=run.label, as_of=run.as_of, pack=run.pack, child=child,
        kind=one.kind, scheme=one.scheme, monthly_now=one.monthly_now, monthly_due=one.monthly_due, area_code=area,
        hukou_area=child.hukou_area, certain=one.certain, probability=one.probability, evidence=one.evidence,
        why=one.why, sealed=one.sealed, digest=one.digest, owner_post=owner, opened_on=run.today,
        due_on=one.due_on if one.due_on and one.due_on >= run.today else due,
    )  # fmt: skip


def _finding(lead: Lead, run: _Run) -> Finding:
    return Finding(
        lead=lead, child_id=lead.child_id, run_id=run.run_id, run_label=run.label, as_of=run.as_of,
        found_at=clock.now(), monthly_now=lead.monthly_now, monthly_due=lead.monthly_due,
        probability=lead.probability, evidence=lead.evidence, digest=lead.digest,
    )  # fmt: skip


def _keep(leads: list[Lead], run: _Run) -> None:
    """What the rules said, with the facts that decided it, stored beside each finding."""
    if not run.version:
        return
    found = (
        Found(lead.child_id, lead.public_id, lead.why, lead.scheme, lead.monthly_due)
        for lead in leads
        if not lead.sealed
    )
    keep_found(found=found, pack=run.pack, version=run.version, as_of=run.as_of, by=run.actor.label)


def _refresh(again: list[tuple[Lead, Incoming]], run: _Run) -> None:
    """New evidence for leads still open: what was found before stays as a finding, the due day stays as it was."""
    for lead, one in again:
        lead.lead_id, lead.run_id, lead.run_label = one.lead_id, run.run_id, run.label
        lead.as_of, lead.pack, lead.refreshed_on = run.as_of, run.pack, run.today
        lead.monthly_now, lead.monthly_due = one.monthly_now, one.monthly_due
        lead.certain, lead.probability, lead.sealed = one.certain, one.probability, one.sealed
        lead.evidence, lead.why, lead.digest = one.evidence, one.why, one.digest
    leads = [lead for lead, _ in again]
    Lead.objects.bulk_update(
        leads,
        ["lead_id", "run_id", "run_label", "as_of", "pack", "refreshed_on", "monthly_now", "monthly_due", "certain",
         "probability", "sealed", "evidence", "why", "digest"],
        batch_size=500,
    )  # fmt: skip
    Finding.objects.bulk_create([_finding(lead, run) for lead in leads], batch_size=1000)
    _keep(leads, run)


def _hand_out(made: list[Lead], run: _Run) -> None:
    """One worklist item a lead, one notice a post."""
    workflow.open_items(items=[verify_item(lead) for lead in made], actor=run.actor)
    by_post: dict[int, Counter[str]] = defaultdict(Counter)
    for lead in made:
        by_post[lead.owner_post_id][lead.kind] += 1
    rows = []
    for post, kinds in sorted(by_post.items()):
        urgent = f"，其中急需关爱 {kinds[URGENT]} 条，1 个工作日内核实" if kinds[URGENT] else ""
        title = f"新线索 {kinds.total()} 条待核实{urgent}"
        payload = {"post_id": post, "title": title, "link": reverse("leads:mine"), "body": run.label}
        rows.append((f"leads:{run.run_id}:{post}", payload))
    workflow.announce_many(event="workflow.notice", rows=rows)


def verify_item(lead: Lead) -> workflow.NewItem:
    """The worklist item under which a lead waits for its verdict."""
    return workflow.NewItem(
        kind=VERIFY,
        title=f"核实线索：{lead.child.name}（{KINDS[lead.kind]}）",
        owner=lead.owner_post,
        subject_type=SUBJECT,
        subject_id=lead.pk,
        link=reverse("leads:lead", args=[lead.public_id]),
        due_on=lead.due_on,
        area_code=lead.area_code,
        child_id=lead.child_id,
        summary=policy.scheme_label(lead.scheme),
        priority=10 if lead.kind == URGENT else 0,
        escalate_to_role="TOWNSHIP_CHILD_SUPERVISOR",
    )
