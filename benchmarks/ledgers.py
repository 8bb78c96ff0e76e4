"""A county's ledgers in a province of children under row security: pages, completeness, and a whole ledger as Excel.

Uses the world of ``pages.py`` (kept in ``var/bench``). Database time is measured query by query in process, as the
county's officer; the Excel is made as the long job makes it: read log, look-ups, masking, workbook, sealing. The last line
is PASS or FAIL with goals and figures.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parent))
import pages

GOAL_PAGE_MS: Final = 50.0
GOAL_EXCEL_S: Final = 10.0
REPEAT: Final = 7


def database_ms(work: Callable[[], Any]) -> float:
    """Milliseconds the database took, the middle one of several runs."""
    from django.db import connection

    took = []
    for _ in range(REPEAT):
        spent = 0.0

        def timed(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal spent
            began = time.perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                spent += time.perf_counter() - began

        with connection.execute_wrapper(timed):
            work()
        took.append(spent * 1000)
    return median(took)


def officer() -> Any:
    from hutong.foundation.access.acting import acting_as
    from hutong.foundation.network.models import Holding

    held = Holding.objects.filter(post__role="COUNTY_CA").exclude(post__area_code__endswith="00000000")
    holding = held.select_related("post", "post__org", "user").order_by("post__area_code")[0]
    return acting_as(holding, purpose="benchmark")


def page_times(actor: Any) -> dict[str, float]:
    from django.http import QueryDict

    from hutong.domains.ledgers.presenters import people
    from hutong.domains.ledgers.selectors import completeness
    from hutong.domains.ledgers.selectors.ledger import Asked, list_ledger
    from hutong.foundation.access.scope import use_scope
    from hutong.foundation.design.listings import Column, listing

    area, found = actor.post.area_code, {}

    def page(kind: str, number: int) -> None:
        asked = Asked(kind, area, "residence")
        made = listing(QueryDict(f"page={number}"), [Column("")], list_ledger(asked), size=50, count=True)
        people.lines(made.rows, home=area)

    with use_scope(actor.scope):
        total = list_ledger(Asked("all", area, "residence")).order_by().count()
        last = (total - 1) // 50 + 1
        for kind in ("all", "defacto", "orphan_s", "difficulty"):
            found[f"ledger {kind}, first page"] = database_ms(lambda kind=kind: page(kind, 1))
        found[f"ledger all ({total} children), last page"] = database_ms(lambda: page("all", last))
        found["completeness by township"] = database_ms(lambda: completeness.by_place(actor, area))
        found["incomplete files, first page"] = database_ms(lambda: completeness.list_incomplete(actor, area))
        township = area[:6] + "101000"
        found["completeness by village"] = database_ms(lambda: completeness.by_place(actor, township))
        child = list_ledger(Asked("all", area, "residence"))[0]
        found["completeness of one child"] = database_ms(lambda: completeness.of_child(child))
    return found


def excel(actor: Any) -> tuple[int, float, float]:
    """(rows, seconds, MB of the file) of the whole county, as the job does it; nothing is kept."""
    from django.db import transaction

    from hutong.domains.ledgers.models import Download, ExportRequest
    from hutong.domains.ledgers.selectors.ledger import Asked, count
    from hutong.domains.ledgers.services import making
    from hutong.foundation.access.scope import use_scope
    from hutong.foundation.documents.models import Document
    from hutong.kernel import clock

    assert Download
    with use_scope(actor.scope), transaction.atomic():
        asked = Asked("all", actor.post.area_code, "residence")
        request = ExportRequest.objects.create(
            number="DC-BENCH", kind="all", area_code=asked.area, basis="residence", form="xlsx", purpose="WORK",
            words="benchmark", rows=count(asked), small=True, state="APPROVED", requested_by=actor.user,
            requested_post=actor.post, requested_label=actor.label, requested_at=clock.now(),
        )  # fmt: skip
        began = time.perf_counter()
        rows, _ = making._file(request, actor, lambda *_: None)
        seconds = time.perf_counter() - began
        size = Document.objects.latest("pk").size / 2**20
        transaction.set_rollback(True)
    return rows, seconds, size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--size", type=int, default=110_000, help="children of the province; a county holds ten thousand"
    )
    size = parser.parse_args().size
    server = pages.start(size)
    try:
        pages.prepare(server, size)
        import django

        django.setup()
        actor = officer()
        found = page_times(actor)
        rows, seconds, megabytes = excel(actor)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        for name, took in found.items():
            pages.say(f"{name:44}{took:9.1f} ms in the database")
        pages.say(
            f"Excel of {rows} children{'':24}{seconds:9.1f} s, {megabytes:.1f} MB, process {peak:.0f} MB"
        )
        pages.say(f"yardstick: 10 M additions in {pages.yardstick():.2f} CPU-s")
        worst = max(took for name, took in found.items() if name.startswith("ledger"))
        good = worst <= GOAL_PAGE_MS and seconds <= GOAL_EXCEL_S
        pages.say(
            f"{'PASS' if good else 'FAIL'} slowest ledger page {worst:.1f} ms (goal ≤ {GOAL_PAGE_MS:g}), Excel {seconds:.1f} s (goal ≤ {GOAL_EXCEL_S:g})"
        )
    finally:
        server.stop()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
