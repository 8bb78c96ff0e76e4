"""The auditor's pages: who read, who changed. Names of fields, never their content."""

from __future__ import annotations

from django import forms
from django.apps import apps
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hutong.foundation.access import explaining
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.accounts.models import User
from hutong.foundation.audit import selectors
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.design.widgets import DateInput

OPERATIONS = {"INSERT": "新增", "UPDATE": "修改", "DELETE": "删除"}
_CHANGES = tuple(map(Column, ("时间", "操作人", "操作", "对象", "变化的字段", "事由")))
_READS = tuple(map(Column, ("时间", "阅者及岗位", "看了什么", "儿童编号", "为何打开")))


class LogFilter(forms.Form):
    person = forms.CharField(label="姓名或用户名", required=False, max_length=40)
    day = forms.DateField(label="日期", required=False, widget=DateInput())
    table = forms.ChoiceField(label="对象", required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["table"].choices = [("", "全部"), *sorted(_tables().items(), key=lambda pair: pair[1])]  # type: ignore[attr-defined]

    def actor_ids(self) -> list[int] | None:
        """Accounts meant by the person field; None when it is empty."""
        text = self.cleaned_data.get("person", "").strip()
        if not text:
            return None
        named = User.objects.filter(name=text) | User.objects.filter(username=text.lower())
        return list(named.values_list("pk", flat=True))


def _tables() -> dict[str, str]:
    """Our tables by name, with the words users know them by."""
    return {
        model._meta.db_table: str(model._meta.verbose_name)
        for model in apps.get_models()
        if model.__module__.startswith("hutong.") and model._meta.app_label != "audit"
    }


@require_safe
@needs("audit.view")
def changes(request: ActingRequest) -> HttpResponse:
    form = LogFilter(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    who = form.actor_ids() if asked else None
    rows = selectors.list_changes(day=asked.get("day"), actor_ids=who, table=asked.get("table", ""))
    page = listing(request.GET, _CHANGES, rows)
    context = {
        "form": form,
        "listing": page,
        "names": dict(
            User.objects.filter(pk__in={row.actor_id for row in page.rows}).values_list("pk", "name")
        ),
        "operations": OPERATIONS,
        "tables": _tables(),
        "fields": {row.pk: "、".join(sorted(row.diff or {})) for row in page.rows},
    }
    return render(request, "access/changes.html", context)


@require_safe
@needs("audit.view")
def reads(request: ActingRequest) -> HttpResponse:
    form = LogFilter(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    who = form.actor_ids() if asked else None
    page = listing(request.GET, _READS, selectors.list_all_reads(day=asked.get("day"), actor_ids=who))
    return render(request, "access/reads.html", {"form": form, "listing": page, "why": explaining.label})


@require_safe
@needs("audit.view")
def chain(request: ActingRequest) -> HttpResponse:
    """Whether the log is still what it was: checkpoint, witnesses, last verification, clocks, lawful erasures."""
    state = selectors.chain_state()
    root = bytes(state.checkpoint.root).hex() if state.checkpoint else ""
    return render(request, "access/chain.html", {"state": state, "root": root})
