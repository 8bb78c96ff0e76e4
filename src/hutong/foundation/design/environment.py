"""The Jinja2 environment of all our pages: named in ``settings.TEMPLATES``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import jinja2
from django.conf import settings
from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils import timezone

from hutong.foundation.design import fields, wording
from hutong.foundation.design.components import Components
from hutong.kernel import clock, ids


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Address of a named route: ``url('registry:child', child.public_id)``."""
    if kwargs:
        return reverse(name, args=args or None, kwargs=kwargs)
    if not args:
        return plain_url(name)
    if len(args) == 1 and isinstance(args[0], str) and _PLAIN.fullmatch(args[0]):
        around = _around(name, get_urlconf() or settings.ROOT_URLCONF)
        if around is not None:
            return args[0].join(around)
    return reverse(name, args=args)


def plain_url(name: str) -> str:
    """Address of a route without parameters; remembered, because every page names a dozen of them."""
    return _remembered(name, get_urlconf() or settings.ROOT_URLCONF)


_PLAIN = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
"""What stands in an address as it is, and cannot be a part of our routes' own words."""
_STAND_IN = "Q-stand-in-Q"


@lru_cache(maxsize=512)
def _around(name: str, urlconf: Any) -> tuple[str, str] | None:
    """What stands before and behind the one word of a route; None where it does not take just any word.

    A list has as many addresses as rows, and Django tries the route's patterns for each.
    """
    try:
        before, _, after = reverse(name, args=[_STAND_IN], urlconf=urlconf).partition(_STAND_IN)
    except NoReverseMatch:
        return None
    return before, after


@lru_cache(maxsize=512)
def _remembered(name: str, urlconf: Any) -> str:
    return reverse(name, urlconf=urlconf)


def environment(**options: Any) -> jinja2.Environment:
    """Called once by Django's Jinja2 backend with its ``OPTIONS``; unknown names are errors, never blanks."""
    options["undefined"] = jinja2.StrictUndefined
    made = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - Django passes autoescape
    made.globals.update(
        static=static,
        url=url,
        today=clock.today,
        localtime=timezone.localtime,
        get_messages=get_messages,
        due=wording.due,
        present_field=fields.present,
        ui=Components(made),
    )
    made.filters.update(
        date=wording.day,
        datetime=wording.moment,
        yuan=wording.yuan,
        number=wording.number,
        mask_id=ids.mask,
    )
    return made
