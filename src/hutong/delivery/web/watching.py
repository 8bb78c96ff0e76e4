"""For those who look after the machine: does it live, is it ready, how much waits. Counts of machinery, never of children."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from hutong.delivery.web import metrics as numbers
from hutong.foundation.access import vault
from hutong.foundation.access.guards import public
from hutong.kernel.cipher import CipherError

_ready = False
"""Once the tables fit this code they go on fitting: an update adds first and removes a release later."""


@require_GET
@public
def health(request: HttpRequest) -> HttpResponse:
    """For the watchdog: 200 while the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "down"}, status=503)
    return JsonResponse({"status": "ok"})


@require_GET
@public
def ready(request: HttpRequest) -> HttpResponse:
    """For the balancer and the update: 200 when this process can do its work, else 503 and one word why."""
    global _ready
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _ready:
            if pending():
                return JsonResponse({"status": "migrations"}, status=503)
            vault.token("ready", "ready")
            _ready = True
    except DatabaseError:
        return JsonResponse({"status": "down"}, status=503)
    except CipherError:
        return JsonResponse({"status": "keys"}, status=503)
    return JsonResponse({"status": "ready"})


def pending() -> int:
    """How many of this code's migrations the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@require_GET
@public
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text for whoever shows the token; to everybody else the page does not exist."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if not settings.METRICS_TOKEN or not hmac.compare_digest(shown, settings.METRICS_TOKEN.encode()):
        raise Http404
    return HttpResponse(numbers.text(), content_type="text/plain; version=0.0.4; charset=utf-8")
