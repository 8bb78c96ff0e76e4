"""Facts of as many children as wanted, one row a child in the columns of the fact dictionary. Same number, same rows.

Most children have nothing told of their parents but that they are on file; about one in four has a row of their own
on some list, one in six a father and one in eleven a mother of whom something is told, mostly work elsewhere.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from hutong.rulebook.facts import FACTS_BY_NAME

AS_OF = date(2021, 9, 30)
TODAY = f"DATE '{AS_OF}'"
TYPES = {"bool": "BOOLEAN", "int": "BIGINT", "date": "DATE", "str": "VARCHAR"}
OF_PARENTS = {
    "unknown": 30, "died_on": 120, "died_kind": 5, "missing_on": 8, "missing_revoked_on": 2, "prison_from": 60,
    "prison_to": 55, "rehab_from": 20, "rehab_to": 18, "detention_from": 5, "detention_to": 5, "revoked_on": 3,
    "restored_on": 1, "deported_on": 3, "reentry_on": 1, "lost_since": 50, "lost_accepted_on": 40,
    "lost_receipt": 30, "lost_route": 10, "dis_visual": 15, "dis_hearing": 15, "dis_speech": 8, "dis_limb": 60,
    "dis_intellectual": 20, "dis_mental": 20, "dis_multiple": 10, "dis_expired_on": 100, "ill_on": 60,
    "work_since": 1100, "work_area": 1100, "work_returned_on": 200,
}  # fmt: skip
"""Of ten thousand fathers; for mothers six tenths of it."""
OF_CHILDREN = {
    "full_time": 200, "enrolled": 9000, "dropout": 15, "single": 800, "entrusted": 300, "adopted": 20,
    "adopted_on": 20, "died_on": 5, "was": 20, "foundling": 8, "police_cert": 7, "hiv": 3, "ill": 40,
    "low_income": 600, "other_monthly": 300, "emergency_on": 5, "emergency_effect": 5, "roll": 450,
    "roll_monthly": 100, "dis_visual": 10, "dis_hearing": 10, "dis_speech": 10, "dis_limb": 20,
    "dis_intellectual": 20, "dis_mental": 10, "dis_multiple": 5, "dis_expired_on": 50, "dis_cert": 80, "autism": 10,
    "confirmed": 60, "caretaker_bad": 3, "alone": 3, "missing": 2, "unattended": 4, "abuse": 5,
    "guardian_refuses": 2, "injury_suspected": 3, "trafficked": 1, "wandering": 2, "wander_history": 3,
    "tg_since": 3, "unknown_id": 1, "informal_adopt": 2, "private_shelter": 1, "emergency_gap": 2,
}  # fmt: skip
OTHERS = 2
"""Of ten thousand: any fact not named above."""
TEXTS = {
    "dropout": ("risk", "suspected", "confirmed"),
    "was": ("ORPHAN-S", "DEFACTO"),
    "low_income": ("dibao", "dibao", "tekun", "poor_registered", "other_poor"),
    "roll": ("LB", "LB", "LB", "DEFACTO", "ORPHAN-S", "DEFACTO,LB"),
    "abuse": ("suspected", "severe"),
    "lost_route": ("police", "committee"),
    "died_kind": ("dead", "declared_dead"),
    "emergency_effect": ("house",),
    "work_area": ("440100000000", "310000000000", "500112000000"),
}


def _draw(salt: int, of: int = 10_000) -> str:
    return f"(hash(i * 1000003 + {salt}) % {of})::INT"


def _pick(salt: int, *values: str) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"([{listed}])[1 + {_draw(salt, len(values))}]"


def _usual() -> dict[str, str]:
    """Facts every register has."""
    hukou = f"'5001' || (10 + {_draw(3, 40)}) || lpad({_draw(4, 900)}::VARCHAR, 6, '0')"
    return {
        "child_id": "'H' || (1000000000 + i)",
        "as_of": TODAY,
        "birth_date": f"{TODAY} - {_draw(1, 18 * 365 + 300)}",
        "sex": _pick(2, "M", "F"),
        "hukou_area": hukou,
        "residence_area": f"CASE WHEN {_draw(13)} < 9000 THEN {hukou} ELSE '500110001002' END",
        "registered": f"{_draw(5)} >= 20",
        "rural": f"{_draw(6)} < 5500",
        "lives_with": _pick(7, *("parents",) * 7, "grandparents", "grandparents", "mother", "relatives"),
        "place": f"CASE WHEN {_draw(8)} < 15 THEN 'institution' WHEN {_draw(8)} < 25 THEN 'foster' "
        f"WHEN {_draw(8)} < 8000 THEN 'home' END",
        "guard": f"CASE WHEN {_draw(9)} < 9300 THEN 'GOOD' WHEN {_draw(9)} < 9800 THEN 'FAIR' "
        f"WHEN {_draw(9)} < 9900 THEN 'POOR' WHEN {_draw(9)} < 9910 THEN 'ABSENT' END",
        "school": _pick(10, "none", "preschool", "primary", "primary", "junior", "senior", "vocational"),
        "father_known": f"CASE WHEN {_draw(11)} < 9800 THEN true END",
        "mother_known": f"CASE WHEN {_draw(12)} < 9700 THEN true END",
    }


def _rare(name: str, at: int) -> str:
    """A fact told of some. What belongs to one event (a sentence's begin and end) is told of the same children."""
    parent = name.split("_")[0] if name.startswith(("father_", "mother_")) else ""
    bare = name.removeprefix(f"{parent}_") if parent else name
    share = (OF_PARENTS if parent else OF_CHILDREN).get(bare, OTHERS)
    share = share * 6 // 10 if parent == "mother" else share
    event = bare if bare.startswith("dis_") else bare.split("_")[0]
    salt = 50 + sum(map(ord, parent + event)) * 31
    kind = FACTS_BY_NAME[name].type
    if kind == "bool":
        value = f"{_draw(salt + 1)} < 9000"
    elif kind == "int":
        value = "62000" if bare.endswith("monthly") else f"1 + {_draw(salt + 2, 4)}"
    elif kind == "str":
        value = _pick(salt + 3, *TEXTS.get(bare, ("other",)))
    elif bare.endswith("_to") or bare == "dis_expired_on":
        value = f"{TODAY} + {_draw(at + 900, 2000)} - 1300"
    else:
        value = f"{TODAY} - {_draw(at + 900, 2000)} - 10"
    return f"CASE WHEN {_draw(salt)} < {share} THEN {value} END"


def generate(con: Any, children: int, file: Path) -> None:
    usual = _usual()
    made = {name: usual.get(name) or _rare(name, at) for at, name in enumerate(FACTS_BY_NAME)}
    shown = ",\n".join(f"CAST({e} AS {TYPES[FACTS_BY_NAME[n].type]}) AS {n}" for n, e in made.items())
    con.execute(f"COPY (SELECT {shown} FROM range({children}) t(i)) TO '{file}' (FORMAT parquet)")
