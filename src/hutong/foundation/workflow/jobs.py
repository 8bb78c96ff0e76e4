"""Background work: procrastinate on the same PostgreSQL, enqueued in the caller's transaction."""

from __future__ import annotations

from procrastinate import App


def on_app_ready(app: App) -> None:
    """Hook of procrastinate's Django integration: periodic tasks are registered here."""
