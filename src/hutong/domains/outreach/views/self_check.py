"""The public self-check: no session, no cookie, no token, no line in any log; answers travel in the page (ADR 0037)."""

from __future__ import annotations

from typing import Any, Final

from allauth.core.internal.httpkit import get_client_ip
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hutong.domains.outreach.self_check import answers, forms
from hutong.domains.outreach.self_check.limits import Limits
from hutong.foundation.access.guards import public
from hutong.kernel import clock

LIMITS: Final = Limits()
LAST: Final = len(forms.STEPS)


@csrf_exempt
@require_http_methods(["GET", "POST"])
@public
def self_check(request: HttpRequest) -> HttpResponse:
    """Three steps of questions, then what may be due. There is nothing here that a forged request could do or learn: it
    acts for nobody and changes nothing; still, what another site sends is not answered."""
    if request.method == "GET":
        return _page(_asking(1, forms.STEPS[0][1](), [], []))
    if not _from_here(request):
        return _page({"problem": "这一页只接受从本页提交的回答，请重新打开本页填写。"}, 403)
    if not LIMITS.take(get_client_ip(request) or ""):
        return _page(
            {"problem": "查询过于频繁，请十分钟后再试；着急的可以直接拨打 12345，或联系村（居）儿童主任。"},
            429,
        )
    return _answer(request)


self_check.unlogged = True  # type: ignore[attr-defined]


def _from_here(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    return origin == f"{request.scheme}://{request.get_host()}"


def _answer(request: HttpRequest) -> HttpResponse:
    step = request.POST.get("step", "")
    back = "back" in request.POST
    upto = int(step) if step in {str(number) for number in range(1, LAST + 1 + back)} else 1
    given: dict[str, Any] = {}
    carried: list[tuple[str, str]] = []
    for number in range(1, upto if back else upto + 1):
        if back and number == upto - 1:
            return _page(_asking(number, forms.again(number, request.POST), carried, answers.dangers(given)))
        form = forms.filled(number, request.POST)
        if not form.is_valid():
            return _page(_asking(number, form, carried, answers.dangers(given)), 422)
        given |= form.cleaned_data
        carried += forms.carried(form)
    danger = answers.dangers(given)
    if upto < LAST or back:
        following = 1 if back else upto + 1
        return _page(_asking(following, forms.again(following, request.POST), carried, danger))
    found = answers.check(given, clock.today())
    likely, open_ones = (
        [one for one in found if one.likely.sure],
        [one for one in found if not one.likely.sure],
    )
    return _page(
        {"danger": danger, "likely": likely, "unsure": open_ones, "carried": carried, "on": clock.today()}
    )


def _asking(step: int, form: Form, carried: list[tuple[str, str]], danger: list[str]) -> dict[str, Any]:
    return {
        "step": step,
        "of": LAST,
        "title": forms.STEPS[step - 1][0],
        "form": form,
        "carried": carried,
        "danger": danger,
    }


def _page(context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Drawn without the request, so that neither a token nor somebody's session can get into it."""
    empty: dict[str, Any] = {
        "problem": "",
        "form": None,
        "likely": [],
        "unsure": [],
        "danger": [],
        "step": 0,
        "of": LAST,
        "title": "",
        "carried": [],
        "on": None,
    }
    response = HttpResponse(
        render_to_string("outreach/self_check.html", empty | context, using="jinja2"), status=status
    )
    response.headers["Cache-Control"] = "no-store"
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django writes a line for 4xx; not here
    return response
