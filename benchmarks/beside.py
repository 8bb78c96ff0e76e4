"""The same subset of the rules written by hand: DuckDB SQL, Polars, OpenFisca-core. Run by ``benchmarks/rules.py``.

The subset: gone and the eight circumstances of both parents, orphan, de facto unsupported, left-behind, scheme, amount
a month, and two tags; CQ-2021 as of 2021-09-30; unknown counts as not shown, but decides nothing on the way. Polars and
OpenFisca (AGPL) are never installed with Hutong: this file imports nothing of ours and runs in a venv of its own.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

AS_OF = date(2021, 9, 30)
HALF_A_YEAR_AGO = date(2021, 3, 31)
"""Whatever began by this day had lasted six months on the day (30 September less six months reaches 31 March)."""
BEFORE_HALF_A_YEAR = date(2021, 3, 29)
SIXTEEN, EIGHTEEN = date(2005, 9, 30), date(2003, 9, 30)
TERMS = ("prison", "rehab", "detention")
KINDS = ("visual", "hearing", "speech", "limb", "intellectual", "mental", "multiple")
MILD = ("intellectual", "mental")
INSTITUTION, SCATTERED, DEFACTO = 145600, 125600, 120400
TOLD = (
    "died_on", "died_kind", "missing_on", "missing_revoked_on", "prison_from", "prison_to", "rehab_from", "rehab_to",
    "detention_from", "detention_to", "revoked_on", "restored_on", "deported_on", "reentry_on", "lost_since",
    "lost_accepted_on", *(f"dis_{kind}" for kind in KINDS), "dis_expired_on", "ill_on", "work_since",
    "work_returned_on",
)  # fmt: skip
OUTPUTS = ("scheme", "monthly_due", "orphan", "defacto", "lb", "key_custody", "self_ill")


def _sql_parent(p: str) -> str:
    today = f"DATE '{AS_OF}'"

    def past(name: str) -> str:
        return f"coalesce({p}_{name} <= {today}, false)"

    def term(kind: str) -> str:
        long = f"{p}_{kind}_from + INTERVAL 6 MONTH"
        return (
            f"(CASE WHEN {p}_{kind}_from <= {today} AND coalesce({p}_{kind}_to > {today}, true) THEN CASE "
            f"WHEN {p}_{kind}_to IS NOT NULL THEN {long} <= {p}_{kind}_to WHEN {long} <= {today} THEN true END ELSE false END)"
        )

    heavy = " OR ".join(f"{p}_dis_{k} <= {4 if k in MILD else 2}" for k in KINDS)
    five = " OR ".join(map(term, TERMS))
    told = " OR ".join(f"{p}_{name} IS NOT NULL" for name in TOLD)
    waited = f"{p}_lost_accepted_on <= DATE '{BEFORE_HALF_A_YEAR}'"
    return f"""
      CASE WHEN (coalesce({p}_known, false) OR {told}) AND NOT coalesce({p}_unknown, false) THEN false END AS {p}_silent,
      {past("died_on")} OR ({past("missing_on")} AND NOT {past("missing_revoked_on")}) AS {p}_gone_told,
      {five} OR ({past("revoked_on")} AND NOT {past("restored_on")})
        OR ({past("deported_on")} AND NOT {past("reentry_on")}) AS {p}_five,
      (coalesce({heavy}, false) AND coalesce({p}_dis_expired_on >= {today}, true)) OR {past("ill_on")} AS {p}_soft,
      coalesce({p}_lost_since <= DATE '{HALF_A_YEAR_AGO}', false)
        AND (coalesce({p}_lost_route, 'police') = 'committee' OR ({waited} AND {p}_lost_receipt)) AS {p}_lost,
      {p}_work_since IS NOT NULL AND NOT {past("work_returned_on")} AND {p}_work_since <= DATE '{HALF_A_YEAR_AGO}'
        AND {p}_work_area[:6] <> hukou_area[:6] AS {p}_away,
      ({past("prison_from")} AND NOT {past("prison_to")}) OR ({past("rehab_from")} AND NOT {past("rehab_to")})
        AS {p}_jailed"""


def sql(source: str) -> str:
    today = f"DATE '{AS_OF}'"
    parents = ",".join(map(_sql_parent, ("father", "mother")))
    derived = ",".join(
        f"""{p}_gone_told OR {p}_silent AS {p}_gone, {p}_five OR {p}_soft OR {p}_lost OR {p}_silent AS {p}_eight,
        ({p}_away AND NOT ({p}_gone_told OR {p}_silent)) OR {p}_silent AS {p}_migrating,
        coalesce({p}_unknown, false) AS {p}_nobody"""
        for p in ("father", "mother")
    )
    return f"""
    WITH parents AS (SELECT *, {parents} FROM {source}),
    told AS (SELECT *, {derived},
        birth_date > DATE '{EIGHTEEN}' AS minor,
        NOT coalesce(died_on <= {today}, false) AS alive,
        coalesce(adopted_on <= {today}, false) OR coalesce(adopted, false) AS is_adopted,
        birth_date <= DATE '{EIGHTEEN}' AND school IN ('senior', 'vocational') AND coalesce(full_time, true)
          AND coalesce(enrolled, true) AS studying,
        ',' || coalesce(roll, '') || ',' AS rolls FROM parents),
    orphans AS (SELECT *, alive AND NOT is_adopted AND (minor OR (studying AND (
            coalesce(was IN ('ORPHAN', 'ORPHAN-I', 'ORPHAN-S'), false) OR contains(rolls, ',ORPHAN,')
            OR contains(rolls, ',ORPHAN-I,') OR contains(rolls, ',ORPHAN-S,'))))
          AND ((coalesce(foundling, false) AND police_cert) OR (father_gone AND mother_gone)) AS is_orphan FROM told),
    judged AS (SELECT *, alive AND NOT is_adopted AND NOT is_orphan
          AND (minor OR (studying AND (coalesce(was = 'DEFACTO', false) OR contains(rolls, ',DEFACTO,'))))
          AND ((father_gone AND mother_eight) OR (father_eight AND mother_gone) OR (father_eight AND mother_eight))
          AND hukou_area[:2] = '50' AS is_defacto,
        alive AND birth_date > DATE '{SIXTEEN}' AND coalesce(place, 'home') <> 'institution' AND lives_with <> 'parents'
          AND ((father_migrating AND mother_migrating)
            OR (father_migrating AND (mother_nobody OR mother_gone OR mother_eight))
            OR (mother_migrating AND (father_nobody OR father_gone OR father_eight))) AS is_lb FROM orphans)
    SELECT child_id,
      CASE WHEN is_orphan THEN CASE WHEN coalesce(place, 'home') IN ('institution', 'foster') THEN 'ORPHAN-I'
        ELSE 'ORPHAN-S' END WHEN NOT is_orphan AND is_defacto THEN 'DEFACTO' END AS scheme,
      CASE WHEN is_orphan THEN CASE WHEN coalesce(place, 'home') IN ('institution', 'foster') THEN {INSTITUTION}
        ELSE {SCATTERED} END WHEN NOT is_orphan AND is_defacto
        THEN greatest({DEFACTO} - coalesce(other_monthly, 0), 0) END::BIGINT AS monthly_due,
      coalesce(is_orphan, false) AS orphan, coalesce(is_defacto, false) AS defacto, coalesce(is_lb, false) AS lb,
      coalesce(alive AND minor AND (father_jailed OR mother_jailed), false) AS key_custody,
      coalesce(alive AND minor AND coalesce(ill, false), false) AS self_ill
    FROM judged"""


def polars(facts: Path, out: Path) -> None:
    import polars as pl

    c, lit = pl.col, pl.lit

    def past(name: str) -> Any:
        return (c(name) <= AS_OF).fill_null(False)

    def parent(p: str) -> list[Any]:
        def term(kind: str) -> Any:
            start, end = c(f"{p}_{kind}_from"), c(f"{p}_{kind}_to")
            long = start.dt.offset_by("6mo")
            enough = pl.when(end.is_not_null()).then(long <= end).when(long <= AS_OF).then(True)
            return pl.when((start <= AS_OF) & (end > AS_OF).fill_null(True)).then(enough).otherwise(False)

        heavy = pl.any_horizontal(
            (c(f"{p}_dis_{k}") <= (4 if k in MILD else 2)).fill_null(False) for k in KINDS
        )
        told = pl.any_horizontal(c(f"{p}_{name}").is_not_null() for name in TOLD)
        on_file = (c(f"{p}_known").fill_null(False) | told) & ~c(f"{p}_unknown").fill_null(False)
        silent = pl.when(on_file).then(False)
        gone = past(f"{p}_died_on") | (past(f"{p}_missing_on") & ~past(f"{p}_missing_revoked_on")) | silent
        five = term("prison") | term("rehab") | term("detention")
        five = five | (past(f"{p}_revoked_on") & ~past(f"{p}_restored_on"))
        five = five | (past(f"{p}_deported_on") & ~past(f"{p}_reentry_on"))
        soft = (heavy & (c(f"{p}_dis_expired_on") >= AS_OF).fill_null(True)) | past(f"{p}_ill_on")
        waited = (c(f"{p}_lost_accepted_on") <= BEFORE_HALF_A_YEAR) & c(f"{p}_lost_receipt")
        committee = c(f"{p}_lost_route").fill_null("police") == "committee"
        lost = (c(f"{p}_lost_since") <= HALF_A_YEAR_AGO).fill_null(False) & (committee | waited)
        away = c(f"{p}_work_since").is_not_null() & ~past(f"{p}_work_returned_on")
        away = away & (c(f"{p}_work_since") <= HALF_A_YEAR_AGO)
        away = away & (c(f"{p}_work_area").str.slice(0, 6) != c("hukou_area").str.slice(0, 6))
        jailed = past(f"{p}_prison_from") & ~past(f"{p}_prison_to")
        return [
            gone.alias(f"{p}_gone"),
            (five | soft | lost | silent).alias(f"{p}_eight"),
            ((away & ~gone) | silent).alias(f"{p}_migrating"),
            (jailed | (past(f"{p}_rehab_from") & ~past(f"{p}_rehab_to"))).alias(f"{p}_jailed"),
        ]

    rolls = lit(",") + c("roll").fill_null("") + lit(",")

    def listed(*schemes: str) -> Any:
        return pl.any_horizontal(rolls.str.contains(f",{s},", literal=True) for s in schemes)

    frame = pl.scan_parquet(facts).with_columns(
        *parent("father"),
        *parent("mother"),
        (c("birth_date") > EIGHTEEN).alias("minor"),
        (~past("died_on")).alias("alive"),
        (past("adopted_on") | c("adopted").fill_null(False)).alias("is_adopted"),
        (
            (c("birth_date") <= EIGHTEEN)
            & c("school").is_in(["senior", "vocational"])
            & c("full_time").fill_null(True)
            & c("enrolled").fill_null(True)
        ).alias("studying"),
    )
    free = c("alive") & ~c("is_adopted")
    held = c("was").is_in(["ORPHAN", "ORPHAN-I", "ORPHAN-S"]).fill_null(False)
    held = held | listed("ORPHAN", "ORPHAN-I", "ORPHAN-S")
    found = c("foundling").fill_null(False) & c("police_cert")
    orphan = free & (c("minor") | (c("studying") & held)) & (found | (c("father_gone") & c("mother_gone")))
    frame = frame.with_columns(orphan.alias("is_orphan"))
    f_gone, m_gone, f_eight, m_eight = (
        c(f"{p}_{k}") for k in ("gone", "eight") for p in ("father", "mother")
    )
    held = (c("was") == "DEFACTO").fill_null(False) | listed("DEFACTO")
    eight = (f_gone & m_eight) | (f_eight & m_gone) | (f_eight & m_eight)
    defacto = free & ~c("is_orphan") & (c("minor") | (c("studying") & held)) & eight
    defacto = defacto & c("hukou_area").str.starts_with("50")
    f_away, m_away = c("father_migrating"), c("mother_migrating")
    f_nobody, m_nobody = (c(f"{p}_unknown").fill_null(False) for p in ("father", "mother"))
    apart = (f_away & m_away) | (f_away & (m_nobody | m_gone | m_eight))
    apart = apart | (m_away & (f_nobody | f_gone | f_eight))
    home = c("place").fill_null("home") != "institution"
    lb = c("alive") & (c("birth_date") > SIXTEEN) & home & (c("lives_with") != "parents") & apart
    frame = frame.with_columns(defacto.alias("is_defacto"), lb.alias("is_lb"))
    inside = c("place").fill_null("home").is_in(["institution", "foster"])
    form = pl.when(inside).then(lit("ORPHAN-I")).otherwise(lit("ORPHAN-S"))
    paid = pl.when(inside).then(lit(INSTITUTION, pl.Int64)).otherwise(lit(SCATTERED, pl.Int64))
    left = (lit(DEFACTO, pl.Int64) - c("other_monthly").fill_null(0)).clip(0)
    second = ~c("is_orphan") & c("is_defacto")
    now = c("alive") & c("minor")
    frame.select(
        "child_id",
        pl.when(c("is_orphan")).then(form).when(second).then(lit("DEFACTO")).alias("scheme"),
        pl.when(c("is_orphan")).then(paid).when(second).then(left).alias("monthly_due"),
        c("is_orphan").fill_null(False).alias("orphan"),
        c("is_defacto").fill_null(False).alias("defacto"),
        c("is_lb").fill_null(False).alias("lb"),
        (now & (c("father_jailed") | c("mother_jailed"))).fill_null(False).alias("key_custody"),
        (now & c("ill").fill_null(False)).fill_null(False).alias("self_ill"),
    ).sink_parquet(out, compression="snappy")


def main() -> None:
    name, facts, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    if name == "polars":
        polars(facts, out)
    else:
        import beside_openfisca

        beside_openfisca.run(facts, out)
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    peak = used.ru_maxrss // 1024
    print(json.dumps({"seconds": time.perf_counter() - started, "cpu": cpu, "peak_mb": peak}))


if __name__ == "__main__":
    main()
