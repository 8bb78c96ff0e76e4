"""The subset of ``beside`` in OpenFisca-core, which knows no unknown: what is open is a variable of its own.

A date is days since 1970 and "not told" a day far off, a bool not told is read as the law presumes; parameters are
looked up by name, not by array (the dear way of OpenFisca).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from beside import (
    AS_OF,
    BEFORE_HALF_A_YEAR,
    DEFACTO,
    EIGHTEEN,
    HALF_A_YEAR_AGO,
    INSTITUTION,
    KINDS,
    MILD,
    SCATTERED,
    SIXTEEN,
    TERMS,
    TOLD,
)  # fmt: skip

Child = build_entity(key="child", plural="children", label="child", is_person=True)
MONTH = "2021-09"
NEVER = 100_000


def _day(day: date) -> int:
    return (day - date(1970, 1, 1)).days


ON, HALF, BEFORE = _day(AS_OF), _day(HALF_A_YEAR_AGO), _day(BEFORE_HALF_A_YEAR)
DATES = [
    f"{p}_{n}" for p in ("father", "mother") for n in TOLD if n.endswith(("_on", "_from", "_to", "_since"))
]
GRADES = [f"{p}_dis_{k}" for p in ("father", "mother") for k in KINDS]
ASKED: dict[str, str] = {
    **{
        n: f"coalesce({n} - DATE '1970-01-01', {NEVER})"
        for n in ("birth_date", "died_on", "adopted_on", *DATES)
    },
    **{n: f"coalesce({n}, 9)" for n in GRADES},
    **{
        n: f"coalesce({n}, false)"
        for n in ("adopted", "foundling", "ill", "father_unknown", "mother_unknown")
    },
    **{
        f"{p}_{n}": f"coalesce({p}_{n}, false)"
        for p in ("father", "mother")
        for n in ("known", "lost_receipt")
    },
    **{f"{p}_receipt_open": f"{p}_lost_receipt IS NULL" for p in ("father", "mother")},
    **{f"{p}_kind": f"{p}_died_kind IS NOT NULL" for p in ("father", "mother")},
    **{f"{p}_committee": f"coalesce({p}_lost_route = 'committee', false)" for p in ("father", "mother")},
    **{
        f"{p}_elsewhere": f"coalesce({p}_work_area[:6] <> hukou_area[:6], false)"
        for p in ("father", "mother")
    },
    **{f"{p}_where_open": f"({p}_work_area[:6] <> hukou_area[:6]) IS NULL" for p in ("father", "mother")},
    "police": "coalesce(police_cert, false)",
    "police_open": "police_cert IS NULL",
    "inside": "coalesce(place, 'home') IN ('institution', 'foster')",
    "in_institution": "coalesce(place, 'home') = 'institution'",
    "apart": "lives_with <> 'parents'",
    "local": "hukou_area[:2] = '50'",
    "learns": "school IN ('senior', 'vocational') AND coalesce(full_time, true) AND coalesce(enrolled, true)",
    "was_orphan": "coalesce(was IN ('ORPHAN', 'ORPHAN-I', 'ORPHAN-S'), false)"
    " OR coalesce(list_has_any(string_split(roll, ','), ['ORPHAN', 'ORPHAN-I', 'ORPHAN-S']), false)",
    "was_defacto": "coalesce(was = 'DEFACTO', false) OR coalesce(list_contains(string_split(roll, ','), 'DEFACTO'), false)",
    "other": "coalesce(other_monthly, 0)",
}
INTS = {"birth_date", "died_on", "adopted_on", "other", *DATES, *GRADES}


def _variable(name: str, formula: Any = None, kind: type = bool) -> type[Variable]:
    body: dict[str, Any] = {
        "value_type": kind,
        "entity": Child,
        "definition_period": DateUnit.MONTH,
        "label": name,
    }
    if formula is not None:
        body["formula"] = formula
    return type(name, (Variable,), body)


def _six_months_on(days: Any) -> Any:
    day = days.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    last = (month + 7).astype("datetime64[D]") - (month + 6).astype("datetime64[D]")
    at = np.minimum((day - month.astype("datetime64[D]")).astype(int), last.astype(int) - 1)
    return (month + 6).astype("datetime64[D]").astype(int) + at


def _term(v: Any, p: str, kind: str) -> tuple[Any, Any]:
    start, end = v(f"{p}_{kind}_from"), v(f"{p}_{kind}_to")
    within, long = (start <= ON) & (end > ON), _six_months_on(np.minimum(start, NEVER))
    ended = end < NEVER
    yes = within & np.where(ended, long <= end, long <= ON)
    return yes, within & ~ended & ~yes


def _formulas(p: str) -> dict[str, Any]:
    def silent(v: Any) -> Any:
        told = v(f"{p}_kind")
        for name in (*DATES, *GRADES):
            if name.startswith(p):
                told = told | (v(name) != (9 if name in GRADES else NEVER))
        return ~((v(f"{p}_known") | told) & ~v(f"{p}_unknown"))

    def gone(v: Any) -> Any:
        return (v(f"{p}_died_on") <= ON) | (
            (v(f"{p}_missing_on") <= ON) & (v(f"{p}_missing_revoked_on") > ON)
        )

    def eight(v: Any) -> Any:
        found = (v(f"{p}_revoked_on") <= ON) & (v(f"{p}_restored_on") > ON)
        found = found | ((v(f"{p}_deported_on") <= ON) & (v(f"{p}_reentry_on") > ON))
        for kind in TERMS:
            found = found | _term(v, p, kind)[0]
        heavy = np.zeros_like(found)
        for kind in KINDS:
            heavy = heavy | (v(f"{p}_dis_{kind}") <= (4 if kind in MILD else 2))
        waited = (v(f"{p}_lost_accepted_on") <= BEFORE) & v(f"{p}_lost_receipt")
        lost = (v(f"{p}_lost_since") <= HALF) & (v(f"{p}_committee") | waited)
        return found | (heavy & (v(f"{p}_dis_expired_on") >= ON)) | (v(f"{p}_ill_on") <= ON) | lost

    def eight_open(v: Any) -> Any:
        found = v(f"{p}_silent")
        for kind in TERMS:
            found = found | _term(v, p, kind)[1]
        accepted = v(f"{p}_lost_accepted_on")
        receipt = v(f"{p}_receipt_open")
        waited_open = ((accepted <= BEFORE) & receipt) | (
            (accepted == NEVER) & (v(f"{p}_lost_receipt") | receipt)
        )
        lost_open = (v(f"{p}_lost_since") <= HALF) & ~v(f"{p}_committee") & waited_open
        return (found | lost_open) & ~v(f"{p}_eight")

    def out(v: Any) -> Any:
        return (v(f"{p}_work_returned_on") > ON) & (v(f"{p}_work_since") <= HALF)

    def away(v: Any) -> Any:
        return out(v) & v(f"{p}_elsewhere") & ~v(f"{p}_gone") & ~v(f"{p}_silent")

    def jailed(v: Any) -> Any:
        prison = (v(f"{p}_prison_from") <= ON) & (v(f"{p}_prison_to") > ON)
        return prison | ((v(f"{p}_rehab_from") <= ON) & (v(f"{p}_rehab_to") > ON))

    made = (silent, gone, eight, eight_open, away, jailed)
    return {f"{p}_{formula.__name__}": formula for formula in made}


def _children() -> dict[str, Any]:
    def free(v: Any) -> Any:
        return (v("died_on") > ON) & ~(v("adopted") | (v("adopted_on") <= ON))

    def minor(v: Any) -> Any:
        return v("birth_date") > _day(EIGHTEEN)

    def age_orphan(v: Any) -> Any:
        return v("minor") | (v("learns") & v("was_orphan"))

    def orphan(v: Any) -> Any:
        found = v("foundling") & v("police")
        return v("free") & v("age_orphan") & (found | (v("father_gone") & v("mother_gone")))

    def orphan_open(v: Any) -> Any:
        f, m, f_open, m_open = v("father_gone"), v("mother_gone"), v("father_silent"), v("mother_silent")
        both = (f | f_open) & (m | m_open)
        return v("free") & v("age_orphan") & ((v("foundling") & v("police_open")) | both) & ~v("orphan")

    def defacto(v: Any) -> Any:
        f, m, f8, m8 = v("father_gone"), v("mother_gone"), v("father_eight"), v("mother_eight")
        age = v("minor") | (v("learns") & v("was_defacto"))
        return (
            v("free")
            & age
            & ~v("orphan")
            & ~v("orphan_open")
            & v("local")
            & ((f & m8) | (f8 & m) | (f8 & m8))
        )

    def lb(v: Any) -> Any:
        f, m = v("father_away"), v("mother_away")
        f_cannot = v("father_unknown") | v("father_gone") | v("father_eight")
        m_cannot = v("mother_unknown") | v("mother_gone") | v("mother_eight")
        home = (v("died_on") > ON) & (v("birth_date") > _day(SIXTEEN)) & ~v("in_institution") & v("apart")
        return home & ((f & m) | (f & m_cannot) | (m & f_cannot))

    def key_custody(v: Any) -> Any:
        return (v("died_on") > ON) & v("minor") & (v("father_jailed") | v("mother_jailed"))

    def self_ill(v: Any) -> Any:
        return (v("died_on") > ON) & v("minor") & v("ill")

    made = (free, minor, age_orphan, orphan, orphan_open, defacto, lb, key_custody, self_ill)
    return {formula.__name__: formula for formula in made}


def _monthly(child: Any, period: Any, parameters: Any) -> Any:
    paid = parameters(period).benefits
    orphan = np.where(child("inside", period), paid.institution, paid.scattered)
    rest = np.maximum(paid.defacto - child("other", period), 0)
    return np.where(child("orphan", period), orphan, np.where(child("defacto", period), rest, -1))


def system() -> TaxBenefitSystem:
    made = TaxBenefitSystem([Child])
    lines = {"institution": INSTITUTION, "scattered": SCATTERED, "defacto": DEFACTO}
    dated = {k: {"values": {"2021-01-01": {"value": amount}}} for k, amount in lines.items()}
    made.parameters = ParameterNode("", data={"benefits": dated})
    for name in ASKED:
        made.add_variable(_variable(name, kind=int if name in INTS else bool))
    for name, body in {**_formulas("father"), **_formulas("mother"), **_children()}.items():
        made.add_variable(_variable(name, _asked(body)))
    made.add_variable(_variable("monthly_due", _monthly, int))
    return made


def _asked(body: Any) -> Any:
    def formula(child: Any, period: Any) -> Any:
        return body(lambda name: child(name, period))

    return formula


def run(facts: Path, out: Path) -> None:
    con = duckdb.connect(config={"threads": 2})
    shown = ", ".join(
        f"({e})::INTEGER AS {n}" if n in INTS else f"coalesce({e}, false) AS {n}" for n, e in ASKED.items()
    )
    columns = con.execute(f"SELECT {shown} FROM '{facts}'").fetchnumpy()
    simulation = SimulationBuilder().build_default_simulation(system(), count=len(columns["birth_date"]))
    for name in ASKED:
        simulation.set_input(name, MONTH, np.asarray(columns.pop(name)))
    answers = {
        n: simulation.calculate(n, MONTH)
        for n in ("orphan", "defacto", "lb", "key_custody", "self_ill", "monthly_due")
    }
    answers["inside"] = simulation.calculate("inside", MONTH)
    con.register("answers", answers)
    form = "CASE WHEN orphan THEN CASE WHEN inside THEN 'ORPHAN-I' ELSE 'ORPHAN-S' END WHEN defacto THEN 'DEFACTO' END"
    con.execute(
        f"COPY (SELECT child_id, {form} AS scheme, CASE WHEN monthly_due >= 0 THEN monthly_due END::BIGINT AS monthly_due,"
        f" orphan, defacto, lb, key_custody, self_ill FROM '{facts}' POSITIONAL JOIN answers) TO '{out}' (FORMAT parquet)"
    )
