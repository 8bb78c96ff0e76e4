"""Random children whose facts lie at the edges where rules turn, and the books they are read by."""

from datetime import date, timedelta
from functools import cache
from random import Random

import pyarrow as pa
from hypothesis import strategies as st

from hutong.kernel.ages import add_months
from hutong.rulebook.facts import FACTS_BY_NAME

BOOKS = [
    ("CQ-2021", date(2022, 2, 28)),
    ("CQ-2025", date(2026, 8, 31)),
    ("JL-2024", date(2024, 2, 29)),
    ("QJ-2017", date(2018, 8, 31)),
]
ARROW = {"str": pa.string(), "date": pa.date32(), "bool": pa.bool_(), "int": pa.int64()}
TEXTS = {
    "hukou_area": ["500199000000", "220399001001", "220303000000", "110101000000"],
    "residence_area": ["500199000000", "220399001001"],
    "lives_with": ["parents", "mother", "grandparents"],
    "place": ["home", "institution", "foster", "rescue"],
    "guard": ["GOOD", "FAIR", "POOR", "ABSENT"],
    "school": ["none", "primary", "senior", "vocational", "undergrad", "phd"],
    "dropout": ["risk", "suspected"],
    "was": ["ORPHAN-S", "DEFACTO", "REF-ORPHAN"],
    "low_income": ["dibao", "tekun", "poor_registered", "other_poor"],
    "roll": ["DEFACTO", "DEFACTO,LB", "LB", "ORPHAN-S", "REF-ORPHAN"],
    "abuse": ["suspected", "severe"],
    "lost_route": ["police", "committee"],
    "work_area": ["500199000000", "220302000000", "310101000000"],
}
NAMES = [name for name in FACTS_BY_NAME if name not in ("child_id", "as_of")]


@cache
def values(name, kind, on):
    """Every value worth trying of one fact."""
    if kind == "bool":
        return [True, False]
    if kind == "int":
        return [62000, 200000] if name.endswith("monthly") else [1, 2, 3, 4]
    if kind == "str":
        return TEXTS.get(name.removeprefix("father_").removeprefix("mother_"), ["其他"])
    if name == "birth_date":
        ages = [add_months(on, -12 * years) for years in (5, 7, 8, 16, 18, 24)]
        soon = [add_months(on, -12 * years) + timedelta(days=d) for years in (16, 18) for d in (30, 180)]
        near = [day + timedelta(days=d) for day in (*ages, *soon) for d in (-1, 0, 1)]
        return [*near, date(2004, 2, 29), date(2008, 2, 29)]
    near = [add_months(on, -months) for months in (3, 6, 7, 30)]
    near += [on, add_months(on, 1), on + timedelta(days=30)]
    return [day + timedelta(days=d) for day in near for d in (-1, 0, 1)]


BEFALLS_PARENT = (
    ("known",),
    ("unknown",),
    ("died_on",),
    ("missing_on", "missing_revoked_on"),
    ("prison_from", "prison_to"),
    ("rehab_from", "rehab_to"),
    ("detention_from", "detention_to"),
    ("revoked_on", "restored_on"),
    ("lost_since", "lost_accepted_on", "lost_receipt"),
    ("lost_since", "lost_route"),
    ("dis_limb", "dis_expired_on"),
    ("dis_mental",),
    ("ill_on",),
    ("work_since", "work_area"),
    ("work_since", "work_area", "work_returned_on"),
    ("work_since", "work_area"),
    ("prison_from", "prison_to", "judged_unable"),
    ("judged_unable",),
)
BEFALLS_CHILD = (
    ("birth_date",),
    ("birth_date", "school", "was"),
    ("birth_date", "school", "was", "adopted", "dis_speech"),
    ("birth_date", "unattended", "alone"),
    ("birth_date", "autism"),
    ("roll",),
    ("roll", "confirmed"),
    ("low_income", "confirmed"),
    ("low_income", "school", "dis_limb"),
    ("guard", "place"),
    ("tg_since", "unknown_id"),
    ("dis_visual", "dis_cert"),
    ("foundling", "police_cert", "place"),
    ("single", "rural", "hiv"),
    ("single", "lives_with"),
    ("entrusted_until",),
    ("dis_limb", "dis_expired_on"),
    ("guard", "visited_on", "ill"),
    ("no_income", "dis_visual", "birth_date"),
    ("heart_disease", "low_income", "ill"),
    ("birth_date", "was", "job_hard"),
    ("in_treatment", "sudden_hardship"),
    ("adopted", "was", "dis_limb"),
    ("residence_area", "hukou_area", "ill"),
)
"""Facts that come together, so that the draws reach every rule."""
USUAL = {
    "birth_date": date(2014, 5, 1),
    "hukou_area": "500199000000",
    "father_known": True,
    "mother_known": True,
    "lives_with": "grandparents",
}


def child(draw, on):
    """One row: a usual child, what befell parents and child, and now and then any other facts."""
    row = dict(USUAL) if draw.random() < 0.85 else {}
    told = [f"{p}_{n}" for p in ("father", "mother") for n in draw.choice(BEFALLS_PARENT)]
    told += [n for _ in range(draw.randrange(3)) for n in draw.choice(BEFALLS_CHILD)]
    told += draw.sample(NAMES, draw.choice((0, 0, 1, 3, 12)))
    for name in told:
        row[name] = draw.choice(values(name, FACTS_BY_NAME[name].type, on))
    for name in draw.sample(sorted(row), draw.choice((0, 0, 0, 1, 2))):
        del row[name]
    return row


def children(on, count):
    """So many rows from a seed: they are independent, so the seed is all there is to draw (and to repeat)."""
    return st.integers(0, 2**32).map(Random).map(lambda draw: [child(draw, on) for _ in range(count)])


def as_table(rows, names=NAMES):
    """An Arrow table of the rows, numbered by ``child_id``."""
    columns = {n: pa.array([r.get(n) for r in rows], ARROW[FACTS_BY_NAME[n].type]) for n in names}
    return pa.table({"child_id": pa.array([str(i) for i in range(len(rows))]), **columns})
