"""A new file, reached only from a search; doubles are judged one by one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from hutong.domains.registry import services
from hutong.domains.registry.forms.child import CreateForm
from hutong.domains.registry.services import errors
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.foundation.network import selectors as network
from hutong.kernel import areas, clock, ids, names


@needs("child.create")
def new(request: ActingRequest) -> HttpResponse:
    """POST with ``q`` (from the search): the form with what was typed; POST with the form: the file."""
    if request.method != "POST":
        messages.info(request, "新建之前请先查找，避免重复建档。")
        return redirect("registry:search")
    if "q" in request.POST:
        form = CreateForm(initial=_carried(request.POST["q"], request.acting))
        return _page(request, form)
    form = CreateForm(request.POST)
    doubles: list[dict[str, Any]] = []
    taken = None
    if form.is_valid():
        try:
            child = _create(request, form.cleaned_data)
        except errors.Doubles as found:
            doubles = _doubles(request, found)
        except errors.Refused as refused:
            taken = getattr(refused, "child", None)
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            said = (
                "已提交审核。" if child.state == "REGISTERED" else "草稿已保存，提交审核后由儿童督导员审核。"
            )
            messages.success(request, f"档案 {child.file_no} {said}")
            return redirect("registry:child", child.public_id)
    return _page(request, form, doubles=doubles, taken=taken, status=422)


def _page(request: HttpRequest, form: CreateForm, *, status: int = 200, **context: Any) -> HttpResponse:
    values = {"form": form, "doubles": [], "taken": None} | context
    return fragments.render(request, "registry/new.html", values, status=status)


def _create(request: ActingRequest, given: dict[str, Any]) -> Any:
    key = given["form_key"].hex
    judged = {name[6:]: str(text) for name, text in request.POST.items() if name.startswith("judge-")}
    facts = {name: value for name, value in given.items() if name != "form_key"}
    return services.create_child(
        actor=request.acting, facts=facts, form_key=key, judgements=judged, submit="submit" in request.POST
    )


def _doubles(request: HttpRequest, found: errors.Doubles) -> list[dict[str, Any]]:
    paths = network.area_paths([one.child.residence_area for one in found.candidates])
    return [
        {
            "child": one.child,
            "likeness": one.likeness,
            "why": one.why,
            "path": paths.get(one.child.residence_area, ""),
            "reason": request.POST.get(f"judge-{one.child.public_id}", ""),
            "missing": bool(request.POST.get("judging")),
        }
        for one in found.candidates
    ]


def _carried(typed: str, actor: Acting) -> dict[str, Any]:
    """What was typed in the search, put where it belongs; the actor's own village as a start."""
    initial: dict[str, Any] = {}
    if areas.level(actor.post.area_code) == "village":
        initial |= {"residence_area": actor.post.area_code, "hukou_area": actor.post.area_code}
    number = ids.normalise(typed)
    if found := ids.find(typed):
        initial |= {"id_number": number, "birth_date": found.birth_date, "sex": {"男": 1, "女": 2}[found.sex]}
    elif typed.strip() and not number.isascii():
        initial["name"] = names.clean(typed)[:80]
    return initial | {"today": clock.today()}
