"""The engine against the slow reference on random small worlds (architecture §6)."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.linkage.tests import reference
from hutong.linkage.tests.world import AS_OF, World

DAYS = st.sampled_from(
    [AS_OF + timedelta(days=n) for n in (-3000, -900, -300, -184, -183, -60, -1, 0, 1, 200, 900)]
)
LATER = st.one_of(st.none(), DAYS)
BIRTHS = st.sampled_from([date(2003, 9, 30), date(2003, 10, 1), date(2012, 2, 29), date(2020, 1, 1)])
KINDS = ("deaths", "declared_missing", "custody", "guardianship_revoked", "serious_illness")
SPELLS = st.lists(st.tuples(st.sampled_from(KINDS), DAYS, LATER, st.booleans()), max_size=3)
FAMILY = st.tuples(BIRTHS, SPELLS, SPELLS, st.sampled_from([None, "DEFACTO", "ORPHAN-S"]))


def build(families: list[tuple]) -> World:
    world = World()
    for i, (birth, *spells, scheme) in enumerate(families):
        names = (f"赵小宝{i}", f"赵建国{i}", f"周玉兰{i}")
        _, *parents = world.family(f"A{i}", names, birth, school="none")
        for subject, person, told in zip(("father", "mother"), parents, spells, strict=True):
            for kind, start, end, verified in told:
                tell(world, f"A{i}", subject, person, kind, start, end, verified)
        if scheme:
            world.paid(f"A{i}", scheme)
    return world


def tell(
    world: World,
    child_id: str,
    subject: str,
    person: dict,
    kind: str,
    start: date,
    end: date | None,
    verified: bool,
) -> None:
    if end is not None and end < start:
        end = None
    last = end.isoformat() if end and kind in ("declared_missing", "custody", "guardianship_revoked") else ""
    if kind == "custody" and not last:
        last = (start + timedelta(days=1000)).isoformat()
    if verified:
        world.verified(child_id, subject, kind, start.isoformat(), last, "服刑" if kind == "custody" else "")
        return
    columns = {
        "deaths": {"death_date": start.isoformat()},
        "declared_missing": {"declared_on": start.isoformat(), "revoked_on": last},
        "custody": {"kind": "服刑", "start_date": start.isoformat(), "end_date": last},
        "guardianship_revoked": {"revoked_on": start.isoformat(), "restored_on": last},
        "serious_illness": {"diagnosed_on": start.isoformat()},
    }[kind]
    world.listed(kind, person, **columns)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(FAMILY, min_size=20, max_size=60))
def test_engine_and_reference_agree(families: list[tuple]) -> None:
    world = build(families)
    with tempfile.TemporaryDirectory() as folder:
        assert world.run(Path(folder), why=False).leads == reference.judge(world, AS_OF)
