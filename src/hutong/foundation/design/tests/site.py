"""Addresses for these tests: the gallery, which the site routes only in development, and pages that answer as told."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from hutong.foundation.design import widgets
from hutong.foundation.design.shell import Shell


class Visit(forms.Form):
    name = forms.CharField(label="姓名")
    number = forms.CharField(label="证件号码", required=False, widget=widgets.PrivateInput())
    area = forms.CharField(label="居住地", widget=widgets.PlaceInput("/design/places/"))
    note = forms.CharField(label="记录", required=False, widget=forms.Textarea)


taken: list[dict[str, str]] = []
"""What was posted to the form, in order."""


PAGE = """{% extends "design/base.html" %}
{% block title %}走访{% endblock %}
{% block content %}
{% if saved %}{{ ui.notice("已保存。", tone="ok") }}{% endif %}
{% call ui.form("/form/", csrf_input, draft="visit", submitted=form.is_bound) %}
{{ ui.form_fields(form) }}{{ ui.button("保存", confirm="确定保存？") }}
{% endcall %}
{% for status in (403, 404, 409, 500) %}<button type="button" hx-get="/answer/{{ status }}/">要 {{ status }}</button>{% endfor %}
<a href="/form/">重来</a>
{% endblock %}"""


@csrf_exempt
def form(request: HttpRequest) -> HttpResponse:
    visit = Visit(request.POST if request.method == "POST" else None)
    if visit.is_bound:
        taken.append({name: str(value) for name, value in request.POST.items()})
    saved = visit.is_bound and visit.is_valid()
    context = {"form": Visit() if saved else visit, "saved": saved, "shell": Shell(user_name="甲")}
    page = engines["jinja2"].env.from_string(PAGE)
    return HttpResponse(page.render(context | {"request": request, "csrf_input": "", "csrf_token": ""}))


def answer(request: HttpRequest, status: int) -> HttpResponse:
    return HttpResponse(f"<p>{status}</p>", status=status)


@csrf_exempt
def children(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.method} {request.get_full_path()} {request.POST.get('q', '')}")


urlpatterns = [
    path("design/", include("hutong.foundation.design.urls")),
    path("form/", form),
    path("answer/<int:status>/", answer),
    path("children/", children),
]
