"""Exact and likely links together, and what the match desk must look at."""

from __future__ import annotations

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
        CREATE OR REPLACE TABLE links AS
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
