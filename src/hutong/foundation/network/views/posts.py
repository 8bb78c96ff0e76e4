"""One post: who holds it, who held it, handing it over."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hutong.foundation.accounts import rights
from hutong.foundation.accounts.guards import fresh, needs
from hutong.foundation.network import selectors, services
from hutong.foundation.network.errors import NetworkRefused
from hutong.foundation.network.forms import AppointForm, EndForm
from hutong.foundation.network.models import Holding, Post
from hutong.kernel import clock


def _post(public_id: UUID) -> Post:
    return get_object_or_404(Post.objects.select_related("org"), public_id=public_id)


@require_safe
@needs("network.view")
def post(request: HttpRequest, public_id: UUID) -> HttpResponse:
    shown = _post(public_id)
    acting = request.acting  # type: ignore[attr-defined]
    today = clock.today()
    held = list(shown.holdings.select_related("user").order_by("-since", "-pk"))
    context = {
        "post": shown,
        "role": rights.ROLES.get(shown.role),
        "path": selectors.area_path(shown.area_code),
        "present": [one for one in held if one.until is None or one.until > today],
        "past": [one for one in held if one.until is not None and one.until <= today],
        "may_manage": acting.may("network.manage") and acting.scope.covers(shown.area_code),
        "may_stand_in": acting.may("work.supervise")
        and acting.scope.covers(shown.area_code)
        and acting.post.pk != shown.pk,
    }
    return render(request, "network/post.html", context)


@require_http_methods(["GET", "POST"])
@needs("network.manage")
@fresh
def appoint(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hand the post over to somebody, or let a deputy stand in."""
    shown = _post(public_id)
    form = AppointForm(request.POST or None, initial={"since": clock.today()})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        actor = request.acting  # type: ignore[attr-defined]
        try:
            if facts["deputy"]:
                services.appoint(
                    actor=actor, post=shown, user=facts["person"], since=facts["since"], until=facts["until"],
                    deputy=True, reason=facts["reason"],
                )  # fmt: skip
            else:
                services.hand_over(
                    actor=actor, post=shown, to=facts["person"], on=facts["since"], reason=facts["reason"]
                )
        except (NetworkRefused, PermissionDenied) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, f"已登记：{facts['person'].name}，{shown.title}。待办事项随岗位转到新任职人。"
            )
            return HttpResponseRedirect(reverse("network:post", args=[shown.public_id]))
    return render(
        request, "network/appoint.html", {"form": form, "post": shown}, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "POST"])
@needs("network.manage")
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End one holding."""
    holding = get_object_or_404(Holding.objects.select_related("post", "user"), public_id=public_id)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_holding(
                actor=request.acting,  # type: ignore[attr-defined]
                holding=holding,
                until=form.cleaned_data["until"],
                reason=form.cleaned_data["reason"],
            )
        except (NetworkRefused, PermissionDenied) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已登记{holding.user.name}离任。待办事项留在岗位上，等待接任。")
            return HttpResponseRedirect(reverse("network:post", args=[holding.post.public_id]))
    return render(
        request, "network/end.html", {"form": form, "holding": holding}, status=422 if form.is_bound else 200
    )


@require_POST
@needs("network.manage")
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    shown = _post(public_id)
    try:
        services.close_post(actor=request.acting, post=shown)  # type: ignore[attr-defined]
    except (NetworkRefused, PermissionDenied) as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("network:post", args=[shown.public_id]))
