"""Rows against what was agreed for a list and quarter (TM-09)."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection

from hutong.delivery.api.models import Spent, System
from hutong.delivery.api.problems import Problem

_SPEND = (
    "INSERT INTO api_spent (system_id, list_code, quarter, rows) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT (system_id, list_code, quarter) DO UPDATE SET rows = api_spent.rows + excluded.rows RETURNING rows"
)


def spend(system: System, list_code: str, quarter: str) -> Callable[[int], None]:
    """``exchange``'s ``agreed``: counts rows in this transaction; too many, and the whole request is undone."""

    def count(rows: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_SPEND, [system.pk, list_code, quarter, rows])
            total = int(cursor.fetchone()[0])
        if total > system.rows_a_quarter:
            raise Problem(
                "too-many-rows",
                f"这次 {rows:,} 行，连同本季度已交的共 {total:,} 行，超过协议约定的每份清单 {system.rows_a_quarter:,} 行，已拒收。"
                "请按约定的范围重新导出，或与县级民政部门商定新的数量。",
            )

    return count


def left(system: System, quarter: str) -> dict[str, int]:
    """Rows still to be delivered of each list this quarter."""
    spent = dict(Spent.objects.filter(system=system, quarter=quarter).values_list("list_code", "rows"))
    return {code: max(0, system.rows_a_quarter - spent.get(code, 0)) for code in system.lists}
