"""Every address of the site, by app. Apps own their prefixes; nothing is routed here but whole apps."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("hutong.delivery.web.urls")),
    path("", include("hutong.delivery.api.urls")),
    path("door/", include("hutong.delivery.api.page_urls")),
    path("account/", include("hutong.foundation.accounts.urls")),
    path("network/", include("hutong.foundation.network.urls")),
    path("places/", include("hutong.foundation.adjustments.urls")),
    path("access/", include("hutong.foundation.access.urls")),
    path("audit/", include("hutong.foundation.audit.urls")),
    path("handovers/", include("hutong.foundation.handovers.urls")),
    path("work/", include("hutong.foundation.workflow.urls")),
    path("documents/", include("hutong.foundation.documents.urls")),
    path("messages/", include("hutong.foundation.messaging.urls")),
    path("children/", include("hutong.domains.registry.urls")),
    path("workforce/", include("hutong.domains.workforce.urls")),
    path("ledgers/", include("hutong.domains.ledgers.urls")),
    path("policy/", include("hutong.domains.policy.urls")),
    path("library/", include("hutong.domains.library.urls")),
    path("leads/", include("hutong.domains.leads.urls")),
    path("outreach/", include("hutong.domains.outreach.urls")),
    path("emergency/", include("hutong.domains.glass.urls")),
    path("sealed/", include("hutong.domains.compartments.urls")),
    path("exchange/", include("hutong.domains.exchange.urls")),
]

if settings.DEBUG:
    urlpatterns.append(path("design/", include("hutong.foundation.design.urls")))

_refusals = "hutong.delivery.web.refusals"
handler400, handler403, handler404 = f"{_refusals}.unreadable", f"{_refusals}.refused", f"{_refusals}.missing"
handler429, handler500 = f"{_refusals}.too_often", f"{_refusals}.broken"
