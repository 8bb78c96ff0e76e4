"""The log goes by the database's time alone; here that time is compared with what cannot be set (TM-19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hutong.foundation.audit import models
from hutong.foundation.audit.services.folding import database_time
from hutong.kernel import clock

TOLERANCE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Mark:
    """One look: the database's time, and the machine's uptime at that moment."""

    database: datetime
    ticks: float


def look(before: Mark | None = None) -> tuple[Mark, list[str]]:
    """The present mark, and a sentence for each way the clocks contradict each other."""
    mark = Mark(database_time(), clock.ticks())
    told = []
    last = models.Checkpoint.objects.order_by("-size").values_list("at", flat=True).first()
    if last is not None and mark.database < last - TOLERANCE:
        told.append(f"数据库时间比最新检查点早 {_words(last - mark.database)}，时钟被调回。")
    if before is not None:
        passed = timedelta(seconds=mark.ticks - before.ticks)
        jumped = mark.database - before.database - passed
        if abs(jumped) > TOLERANCE:
            told.append(
                f"数据库时钟在两次归集之间跳动了 {_words(jumped)}（{'向前' if jumped > timedelta() else '向后'}）。"
            )
    skew = clock.host_now() - mark.database
    if abs(skew) > TOLERANCE:
        told.append(f"本机时钟与数据库相差 {_words(skew)}，期限和日志一律以数据库时间为准，请校正本机时钟。")
    return mark, told


def _words(span: timedelta) -> str:
    seconds = abs(span.total_seconds())
    if seconds >= 86_400:
        return f"{seconds / 86_400:.0f} 天"
    return f"{seconds / 3600:.1f} 小时" if seconds >= 3600 else f"{seconds / 60:.0f} 分钟"
