"""The figures of ``/metrics``: each a line of the table below, asked together in one statement of the system's scope.

Everything is read from the database, so that whichever process answers says the same. What a request took stands in
the request log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import connection

from hutong.foundation.access.scope import system_scope, use_scope


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it says, and the SQL of its rows ``(label value or NULL, number)``."""

    name: str
    help: str
    sql: str
    label: str = ""


def _age(column: str, table: str, where: str = "true") -> str:
    return f"SELECT NULL, extract(epoch FROM clock_timestamp() - {column}) FROM {table} WHERE {where}"


FIGURES: Final = (
    Figure("migrations_applied", "migrations in the database", "SELECT NULL, count(*) FROM django_migrations"),
    Figure(
        "jobs", "background jobs not finished, by state",
        "SELECT status::text, count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1",
        "state",
    ),
    Figure(
        "jobs_oldest_wait_seconds", "how long the oldest job that could run has waited",
        "SELECT NULL, coalesce(max(extract(epoch FROM clock_timestamp() - coalesce(job.scheduled_at, event.at))), 0)"
        " FROM procrastinate_jobs job LEFT JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events"
        " WHERE job_id = job.id) event ON true"
        " WHERE job.status = 'todo' AND coalesce(job.scheduled_at, '-infinity') <= clock_timestamp()",
    ),
    Figure(
        "workers_alive", "worker processes heard from in the last half minute",
        "SELECT NULL, count(*) FROM procrastinate_workers WHERE last_heartbeat > clock_timestamp() - interval '30 s'",
    ),
    Figure(
        "outbox", "announcements not delivered: waiting, or given up (dead)",
        "SELECT CASE WHEN dead_at IS NULL THEN 'waiting' ELSE 'dead' END, count(*) FROM workflow_outbox"
        " WHERE done_at IS NULL GROUP BY 1",
        "state",
    ),
    Figure(
        "outbox_oldest_wait_seconds", "how long the oldest waiting announcement has waited",
        _age("coalesce(min(at), clock_timestamp())", "workflow_outbox", "done_at IS NULL AND dead_at IS NULL"),
    ),
    Figure("log_folded_age_seconds", "since the log was folded last", _age("folded_at", "audit_folding")),
    Figure(
        "log_check_ok", "1 while the latest check of each kind found nothing",
        "SELECT DISTINCT ON (kind) kind, ok::int FROM audit_check ORDER BY kind, at DESC, id DESC", "kind",
    ),
    Figure("database_bytes", "size of the database", "SELECT NULL, pg_database_size(current_database())"),
    Figure(
        "database_connections", "connections to this database",
        "SELECT NULL, numbackends FROM pg_stat_database WHERE datname = current_database()",
    ),
    Figure(
        "database_deadlocks_total", "deadlocks since the statistics began",
        "SELECT NULL, deadlocks FROM pg_stat_database WHERE datname = current_database()",
    ),
    Figure("wal_archived_total", "log files handed to the archive", "SELECT NULL, archived_count FROM pg_stat_archiver"),
    Figure("wal_archive_failed_total", "log files the archive refused", "SELECT NULL, failed_count FROM pg_stat_archiver"),
    Figure(
        "wal_receivers", "receivers of the log connected (pg_receivewal); 0 with synchronous commit: writing stands still",
        "SELECT NULL, count(*) FROM pg_stat_replication",
    ),
)  # fmt: skip


def text() -> str:
    """All of them in Prometheus' text format."""
    asked = " UNION ALL ".join(
        f"SELECT {at}, rows.* FROM ({figure.sql}) AS rows(label, value)" for at, figure in enumerate(FIGURES)
    )
    with use_scope(system_scope("metrics")), connection.cursor() as cursor:
        cursor.execute(asked)
        rows = cursor.fetchall()
    lines = []
    for at, figure in enumerate(FIGURES):
        kind = "counter" if figure.name.endswith("_total") else "gauge"
        lines += [f"# HELP hutong_{figure.name} {figure.help}", f"# TYPE hutong_{figure.name} {kind}"]
        for number, label, value in rows:
            if number == at:
                labels = f'{{{figure.label}="{label}"}}' if figure.label else ""
                lines.append(f"hutong_{figure.name}{labels} {float(value):.15g}")
    return "\n".join(lines) + "\n"
