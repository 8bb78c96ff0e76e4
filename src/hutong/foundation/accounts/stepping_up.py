"""Far-reaching acts ask who is sitting there: a password or second step given in the last minutes (ADR 0025).

Someone at an unlocked screen, or with a stolen session, reads what the session reads; she cannot carry it out or approve it.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import ratelimit
from allauth.mfa.webauthn.internal import auth as webauthn
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from hutong.foundation.accounts import terms
from hutong.foundation.accounts.forms import ConfirmForm
from hutong.kernel import clock

NOT_YET: Final = 403
TOO_OFTEN: Final = 429
SAFE: Final = ("GET", "HEAD", "OPTIONS")


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session gave a password or second step within the term. A moment in the future does not count.

    allauth writes the host's time into the session, so it is compared with the host's.
    """
    records = get_authentication_records(request, request.user)
    last = max((float(record["at"]) for record in records), default=0.0)
    age = clock.host_now().timestamp() - last
    return 0 <= age < terms.value("fresh_minutes") * 60


def ask(request: HttpRequest) -> HttpResponse | None:
    """None where the act may go on; else the page that asks.

    A page is asked for again after confirming (asked before the form, so that nobody types in vain). What was posted is
    carried by the confirming page itself and posted once more with the answer: nothing is done before, nothing is kept on
    the server, nothing is lost but chosen files.
    """
    if is_fresh(request):
        return None
    if request.method in SAFE:
        query = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{query}")
    form = ConfirmForm(request.POST if ConfirmForm.answered(request.POST) else None, user=request.user)
    if not form.is_bound:
        return _page(request, form, NOT_YET)
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        form.add_error(None, "操作过于频繁，请稍等一分钟再试。")
        return _page(request, form, TOO_OFTEN)
    if not form.is_valid():
        return _page(request, form, NOT_YET)
    form.record(request)
    return None


def _page(request: HttpRequest, form: ConfirmForm, status: int) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "carried": _carried(request),
        "files": [upload.name for name in request.FILES for upload in request.FILES.getlist(name)],
        "minutes": terms.value("fresh_minutes"),
        "back": _back(request),
        "key_options": webauthn.begin_authentication(request.user) if form.has_key else None,
    }
    return render(request, "account/confirm.html", context, status=status)


def _carried(request: HttpRequest) -> list[tuple[str, str]]:
    """What was posted, without the token of the form and the answer to this page."""
    ours = {"csrfmiddlewaretoken", *ConfirmForm.names()}
    return [
        (name, str(value)) for name, values in request.POST.lists() if name not in ours for value in values
    ]


def _back(request: HttpRequest) -> str:
    """The page the person came from, on this site; the home page where it is not known."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.get_host() or came.path == request.path:
        return "/"
    return f"{came.path}?{came.query}" if came.query else came.path
