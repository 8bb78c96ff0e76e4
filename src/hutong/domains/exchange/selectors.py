"""Reads of ``exchange``: what arrived, what is missing or stale, what a comparison may use."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import QuerySet

from hutong.domains.exchange import permissions, quarters
from hutong.domains.exchange.machines import amendment as amendments
from hutong.domains.exchange.machines import batch as machine
from hutong.domains.exchange.machines import comparison
from hutong.domains.exchange.machines import push as pushes
from hutong.domains.exchange.models import Amendment, Batch, ColumnMapping, ComparisonRun, Parcel, Push
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow.models import LongJob
from hutong.kernel import areas
from hutong.linkage.catalogue import LISTS


def list_batches(*, quarter: str = "", list_code: str = "", state: str = "") -> QuerySet[Batch]:
    """Batches in scope, newest first; a department clerk has only those of his own post in scope."""
    found = Batch.objects.select_related("sender_org", "uploaded_by", "decided_by").order_by(
        "-uploaded_at", "-pk"
    )
    wanted = {"quarter": quarter, "list_code": list_code, "state": state}
    return found.filter(**{name: value for name, value in wanted.items() if value})


def get_batch(public_id: str) -> Batch:
    """Raises Batch.DoesNotExist, also for one out of scope."""
    related = ("sender_org", "sender_post", "uploaded_by", "decided_by", "supplements")
    return Batch.objects.select_related(*related).get(public_id=public_id)


def list_supplements(batch: Batch) -> QuerySet[Batch]:
    return batch.supplement_set.select_related("uploaded_by").order_by("uploaded_at")


def find_replaced(batch: Batch) -> Batch | None:
    """The confirmed batch this one would take the place of."""
    if batch.supplements_id:
        return None
    same = Batch.objects.filter(
        area_code=batch.area_code, quarter=batch.quarter, list_code=batch.list_code, provider=batch.provider,
        state=machine.CONFIRMED, supplements=None, uploaded_at__lt=batch.uploaded_at,
    )  # fmt: skip
    return same.order_by("-uploaded_at").first()


def get_run(public_id: str) -> ComparisonRun:
    """Raises ComparisonRun.DoesNotExist."""
    return ComparisonRun.objects.select_related("started_by").get(public_id=public_id)


def list_runs(*, quarter: str = "") -> QuerySet[ComparisonRun]:
    runs = ComparisonRun.objects.select_related("started_by").order_by("-created_at", "-pk")
    return runs.filter(quarter=quarter) if quarter else runs


def find_same_run(run: ComparisonRun) -> ComparisonRun | None:
    """An earlier finished run over exactly the same inputs."""
    same = ComparisonRun.objects.filter(
        area_code=run.area_code, input_digest=run.input_digest, state=comparison.DONE, pk__lt=run.pk
    )
    return same.order_by("pk").first() if run.input_digest else None


def mapping_for(batch: Batch) -> dict[str, str]:
    """{header: column} as this sender's columns were understood last time, the rest guessed from the headers."""
    from hutong.linkage.read import guess_mapping  # brings Arrow: only where a file is looked at

    columns = {column.code for column in LISTS[batch.list_code].table.columns}
    known = ColumnMapping.objects.filter(org_id=batch.sender_org_id, list_code=batch.list_code).first()
    learnt = {
        h: c for h, c in (known.columns if known else {}).items() if h in batch.headers and c in columns
    }
    guessed = guess_mapping([h for h in batch.headers if h not in learnt], LISTS[batch.list_code].table)
    taken = set(learnt.values())
    return learnt | {header: code for header, code in guessed.items() if code not in taken}


def unmapped(batch: Batch) -> list[str]:
    """Chinese names of required columns no header stands for yet."""
    table, found = LISTS[batch.list_code].table, set(batch.mapping.values())
    missing = [column.header for column in table.columns if column.required and column.code not in found]
    if table.any_of and not found & set(table.any_of):
        missing.append("或".join(table.column(code).header for code in table.any_of))
    return missing


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one department delivered for one list: the confirmed batch and its confirmed supplements."""

    root: Batch
    supplements: tuple[Batch, ...] = ()
    stale: bool = False

    @property
    def batches(self) -> tuple[Batch, ...]:
        return (self.root, *self.supplements)

    @property
    def rows(self) -> int:
        return sum(batch.passed for batch in self.batches)


def effective(area_code: str, quarter: str, *, use_stale: bool = False) -> dict[str, list[Delivery]]:
    """What a comparison of the county and quarter reads: per list the latest confirmed batch of each department.

    Sealed lists are not among them: they go into their compartments (ADR 0014).
    ``use_stale``: where a department delivered nothing for the quarter, its latest earlier one, marked stale.
    """
    found = Batch.objects.filter(
        area_code=areas.county(area_code), state=machine.CONFIRMED, quarter__lte=quarter, sealed=False
    )
    latest: dict[tuple[str, str], Batch] = {}
    extra: dict[int, list[Batch]] = {}
    for batch in found.order_by("quarter", "uploaded_at", "pk"):
        if batch.supplements_id:
            extra.setdefault(batch.supplements_id, []).append(batch)
        else:
            latest[batch.list_code, batch.provider] = batch
    result: dict[str, list[Delivery]] = {}
    for code in LISTS:
        for (list_code, _), root in sorted(latest.items()):
            stale = root.quarter < quarter
            if list_code == code and (use_stale or not stale):
                result.setdefault(code, []).append(Delivery(root, tuple(extra.get(root.pk, ())), stale))
    return result


@dataclass(slots=True)
class Arrival:
    """One list in one quarter, for the catalogue: what is in use, what is on its way, what was last."""

    code: str
    used: list[Delivery] = field(default_factory=list)
    waiting: list[Batch] = field(default_factory=list)
    last_quarter: str = ""

    @property
    def state(self) -> str:
        """arrived, waiting, stale (only earlier quarters) or missing."""
        if self.used:
            return "arrived"
        if self.waiting:
            return "waiting"
        return "stale" if self.last_quarter else "missing"

    @property
    def late(self) -> bool:
        return any(delivery.root.late for delivery in self.used)


def arrivals(actor: Acting, quarter: quarters.Quarter) -> list[Arrival]:
    """Every list the actor may know of, with what arrived in the quarter (a clerk: of his own deliveries)."""
    code = str(quarter)
    shown = {one: Arrival(one) for one in permissions.shown_to(actor)}
    for batch in (
        Batch.objects.filter(quarter__lte=code).exclude(state__in=machine.DEAD).order_by("quarter", "pk")
    ):
        arrival = shown.get(batch.list_code)
        if arrival is None:
            continue
        if batch.quarter < code:
            arrival.last_quarter = batch.quarter if batch.state == machine.CONFIRMED else arrival.last_quarter
        elif batch.state != machine.CONFIRMED:
            arrival.waiting.append(batch)
    for list_code, deliveries in effective(actor.post.area_code, code).items():
        if list_code in shown:
            shown[list_code].used = deliveries
    return list(shown.values())


def find_job(public_id: str) -> LongJob | None:
    return LongJob.objects.filter(public_id=public_id).first() if public_id else None


def is_stuck(batch: Batch) -> bool:
    """In check, but the job that checked it has ended: a worker died at the wrong moment."""
    job = find_job(batch.job)
    return batch.state == machine.CHECKING and (job is None or job.finished_at is not None)


def get_push(public_id: str) -> Push:
    """Raises Push.DoesNotExist, also for one out of scope."""
    return Push.objects.select_related("sender_post", "sender_org").get(public_id=public_id)


def list_pushes() -> QuerySet[Push]:
    """Pushed events in scope, newest first."""
    return Push.objects.select_related("sender_org", "sent_by").order_by("-sent_at", "-pk")


def list_live_pushes(area_code: str, quarter: str) -> QuerySet[Push]:
    """Events that a comparison of the county and quarter reads beside its lists: of that quarter and the one before."""
    since = str(quarters.parse(quarter).before)
    return Push.objects.filter(
        area_code=areas.county(area_code), state__in=pushes.LIVE, quarter__gte=since, quarter__lte=quarter
    ).order_by("pk")


def list_pushes_before(push: Push) -> QuerySet[Push]:
    return list_live_pushes(push.area_code, push.quarter).filter(pk__lt=push.pk)


def get_amendment(public_id: str) -> Amendment:
    """Raises Amendment.DoesNotExist."""
    related = ("batch", "push", "supplement", "sender_post__org", "asked_by", "decided_by")
    return Amendment.objects.select_related(*related).get(public_id=public_id)


def list_amendments() -> QuerySet[Amendment]:
    """Requests in scope, those waiting first, then the newest."""
    found = Amendment.objects.select_related("batch", "push", "sender_post__org")
    return found.order_by("-state", "-asked_at", "-pk")


def lines_taken_back(batch: Batch) -> frozenset[int]:
    """Lines of the sender's file that an accepted request took back."""
    accepted = Amendment.objects.filter(batch=batch, state=amendments.ACCEPTED).values_list(
        "lines", flat=True
    )
    return frozenset(line for lines in accepted for line in lines)


def get_parcel(public_id: str) -> Parcel:
    """Raises Parcel.DoesNotExist, also for one out of scope."""
    return Parcel.objects.get(public_id=public_id)
