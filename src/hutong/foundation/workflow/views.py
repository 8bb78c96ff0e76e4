"""Pages of the worklist, long jobs and undelivered announcements. Home itself stands in ``delivery.web``."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design.fragments import render, wants_fragment
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import forms, outbox, presenters, selectors, services
from hutong.foundation.workflow.models import LongJob, WorkItem

WAITING = (Column("事项"), Column("由谁办理"), Column("截止"))
DONE = (Column("事项"), Column("结果"), Column("办结时间"))
SUPERVISED = (
    Column("事项"),
    Column("地点"),
    Column("承办岗位"),
    Column("截止", "due", ("due_on", "pk")),
    Column("情况"),
)
JOBS = (Column("任务"), Column("提交"), Column("提交时间"), Column("进展"))


@require_GET
@needs("work.do")
def waiting(request: ActingRequest) -> HttpResponse:
    """What waits for others: handed on by this post, or stopped."""
    page = listing(request.GET, WAITING, selectors.list_waiting(request.acting))
    return _list(request, "workflow/waiting.html", "waiting", page)


@require_GET
@needs("work.do")
def done(request: ActingRequest) -> HttpResponse:
    page = listing(request.GET, DONE, selectors.list_done(request.acting).select_related("owner_post"))
    return _list(request, "workflow/done.html", "done", page)


@require_GET
@needs("work.supervise")
def supervise(request: ActingRequest) -> HttpResponse:
    """The range's open work: by place, kind and lateness; posts without a holder stand out."""
    form = forms.SuperviseFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {"area": "", "kind": "", "state": ""}
    items = selectors.fetch_supervised(
        request.acting, area_code=chosen["area"], kind=chosen["kind"], state=chosen["state"]
    )
    page = listing(request.GET, SUPERVISED, items, sort="due")
    return _list(request, "workflow/supervise.html", "supervise", page, form=form)


def _list(request: ActingRequest, template: str, active: str, page: object, **more: object) -> HttpResponse:
    found = page.rows  # type: ignore[attr-defined]
    context = {
        "listing": page,
        "rows": dict(
            zip(
                (item.pk for item in found), presenters.rows(found, request.acting, to_item=True), strict=True
            )
        ),
        "tabs": presenters.tabs_counted(request.acting, active),
        **more,
    }
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@needs("work.do")
def item(request: ActingRequest, public_id: str) -> HttpResponse:
    """One item: what, whose, since when; a supervisor hands it on here."""
    try:
        found = selectors.get_item(public_id, request.acting)
    except WorkItem.DoesNotExist:
        raise Http404 from None
    actor = request.acting
    can_reassign = actor.may("work.supervise") and found.closed_at is None
    if request.method == "POST" and not can_reassign:
        raise Http404
    form = forms.ReassignForm(request.POST or None, item=found, actor=actor) if can_reassign else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            services.reassign(
                found, to=form.cleaned_data["to"], actor=actor, reason=form.cleaned_data["reason"]
            )
            return redirect("workflow:item", public_id=public_id)
        except PermissionDenied as error:
            form.add_error(None, str(error))
    changes = list(selectors.list_history("workflow.workitem", found.pk))
    ids = {change.data.get("to_post") for change in changes}
    posts = {post.pk: post.title for post in Post.objects.filter(pk__in=ids)}
    row = presenters.rows([found], actor)[0]
    context = {"item": found, "row": row, "form": form, "steps": presenters.history(found, changes, posts)}
    return render(
        request, "workflow/item.html", context, status=422 if form is not None and form.errors else 200
    )


@require_GET
@needs(None)
def jobs(request: ActingRequest) -> HttpResponse:
    """Long jobs of the post; of the whole range for those who may see jobs."""
    page = listing(request.GET, JOBS, selectors.list_jobs(request.acting))
    return render(request, "workflow/jobs.html", {"listing": page})


@require_GET
@needs(None)
def job(request: ActingRequest, public_id: str) -> HttpResponse:
    """One long job; htmx asks for the part that moves. When it has ended, the page it stands on is drawn anew."""
    found = _job(request, public_id)
    view = presenters.job(found)
    response = render(request, "workflow/job.html", {"job": found, "view": view}, block="job")
    elsewhere = urlsplit(request.headers.get("HX-Current-URL", request.path)).path != request.path
    if wants_fragment(request) and view.state != "running" and elsewhere:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@needs(None)
def cancel_job(request: ActingRequest, public_id: str) -> HttpResponse:
    found = services.cancel_job(_job(request, public_id), actor=request.acting)
    if wants_fragment(request):
        return render(
            request, "workflow/job.html", {"job": found, "view": presenters.job(found)}, block="job"
        )
    return redirect("workflow:job", public_id=public_id)


def _job(request: ActingRequest, public_id: str) -> LongJob:
    try:
        return selectors.get_job(public_id, request.acting)
    except LongJob.DoesNotExist:
        raise Http404 from None


@require_http_methods(["GET", "POST"])
@needs("event.retry")
def undelivered(request: ActingRequest) -> HttpResponse:
    """Announcements whose handlers failed; a dead one gets another round by a button."""
    failed = selectors.list_undelivered()
    if request.method == "POST":
        number = request.POST.get("row", "")
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            raise Http404
        outbox.retry(get_object_or_404(failed, pk=int(number)))
        return redirect("workflow:undelivered")
    return render(request, "workflow/undelivered.html", {"rows": list(failed[:200])})
