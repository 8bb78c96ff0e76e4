"""Sealed lists on the pages of the exchange: there for whoever is named for their compartment, absent for all others."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse

from hutong.domains.compartments import selectors as sealed
from hutong.domains.compartments import services as compartments
from hutong.domains.exchange.models import COMPARTMENT_OF
from hutong.foundation.access.guards import ActingRequest

Page = Callable[..., HttpResponse]


def with_sealed(view: Page) -> Page:
    """The compartments that lists feed and the actor is named for are open while the page is made."""

    @wraps(view)
    def opened(request: ActingRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        named = [one for one in COMPARTMENT_OF.values() if sealed.may_open(request.acting, one)]
        if not named:
            return view(request, *args, **kwargs)
        with compartments.opening(request.acting, *named):
            return view(request, *args, **kwargs)

    return opened
