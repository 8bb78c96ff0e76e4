"""Exact and likely links together, and what the match desk must look at."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hutong.linkage.engine import Engine
from hutong.linkage.link import Thresholds, exact, likely


def link(engine: Engine, thresholds: Thresholds) -> None:
    """Tables ``links`` (seq, pid, child, subject, link, probability) and ``review`` (the same, reason instead of link)."""
    exact.link(engine, thresholds)
    if thresholds.by_likelihood:
        likely.link(engine, thresholds)
    else:
        likely.none(engine)
    engine.sql(f"""
        CREATE OR REPLACE VIEW links AS
        SELECT seq, pid, child, subject, 'exact' AS link, 1.0::DOUBLE AS probability FROM exact
        UNION ALL
        SELECT seq, pid, child, subject, 'likely', probability FROM likely WHERE probability >= {thresholds.likely}
    """)
    engine.sql(f"""
        CREATE OR REPLACE TABLE review AS
        SELECT seq, pid, child, subject, probability, '多项信息相近，尚不足以自动认定' AS reason
        FROM likely WHERE probability < {thresholds.likely}
        UNION ALL
        SELECT o.seq, o.pid, o.child, o.subject, coalesce(l.probability, 0.0), '身份证号相同但姓名不同，可能填了他人号码'
        FROM other_name o LEFT JOIN likely l USING (seq, pid) WHERE coalesce(l.probability, 0) < {thresholds.review}
    """)
    engine.drop("hit_names")


def rows(engine: Engine, query: str, children: pa.Table, listed: pa.Table) -> pa.Table:
    """What ``query`` (seq, child, subject, …) finds, as it is written: list, row, child_id, subject, …; in the order of
    the lists, then by child_id and subject. Sorted by number; only where a row names several children, by text."""
    found = engine.arrow(query)
    seq = np.asarray(found.column("seq"))
    order = np.argsort(seq, kind="stable")
    same = seq[order][1:] == seq[order][:-1]
    at = np.flatnonzero(np.r_[False, same] | np.r_[same, False])
    if len(at):
        several = found.select(["seq", "subject"]).take(pa.array(order[at]))
        several = several.append_column("child_id", _ids(children, found, order[at]))
        keys = [(name, "ascending") for name in ("seq", "child_id", "subject")]
        order[at] = order[at][np.asarray(pc.sort_indices(several, sort_keys=keys))]
    places = pa.array(seq[order])
    head = {
        "list": listed.column("list").take(places).cast(pa.string()),
        "row": listed.column("row").take(places),
    }
    rest = found.drop_columns(["seq", "child"]).take(pa.array(order))
    head["child_id"] = _ids(children, found, order)
    return pa.table({**head, **{name: rest.column(name) for name in rest.column_names}}).combine_chunks()


def _ids(children: pa.Table, found: pa.Table, at: np.ndarray[Any, np.dtype[np.int64]]) -> pa.ChunkedArray:
    return children.column("child_id").take(pa.array(np.asarray(found.column("child"))[at]))
