"""From draft to the shelf, with a second person; and off the shelf again."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hutong.domains.library.models import Document
from hutong.domains.library.services import asking
from hutong.domains.library.services.errors import LibraryRefused
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow import services as workflow
from hutong.kernel import clock


def _own(document: Document, actor: Acting) -> None:
    if document.shipped:
        raise PermissionDenied("这份文件随平台发布，由平台更新，不在这里办理。")
    if not actor.scope.covers(document.area_code):
        raise PermissionDenied("这份文件由其他单位整理，本岗位不能办理。")


@transaction.atomic
def submit(document: Document, *, actor: Acting) -> Document:
    _own(document, actor)
    workflow.apply(document, "submit", actor=actor)
    asking.second(document, actor=actor)
    return document


@transaction.atomic
def send_back(document: Document, *, actor: Acting, reason: str) -> Document:
    _own(document, actor)
    if not reason.strip():
        raise LibraryRefused("退回需要写明要改什么。")
    workflow.apply(document, "send_back", actor=actor, reason=reason)
    asking.maker(document, actor=actor, words=reason)
    return document


@transaction.atomic
def publish(document: Document, *, actor: Acting) -> Document:
    _own(document, actor)
    fields = {"published_label": actor.label, "published_at": clock.now()}
    workflow.apply(document, "publish", actor=actor, fields=fields)
    asking.done(document, actor=actor, outcome="已发布")
    return document


@transaction.atomic
def reopen(document: Document, *, actor: Acting, reason: str) -> Document:
    """Off the shelf until it is published again."""
    _own(document, actor)
    if not reason.strip():
        raise LibraryRefused("收回需要写明理由：哪里要改，为什么。")
    return workflow.apply(document, "reopen", actor=actor, reason=reason)


@transaction.atomic
def repeal(document: Document, *, actor: Acting, on: date | None, reason: str) -> Document:
    """Out of force from ``on``; it is still found for the days before."""
    _own(document, actor)
    if on is None:
        raise LibraryRefused("请填写废止日期：从这一天起不再有效。")
    if document.valid_from and on <= document.valid_from:
        raise LibraryRefused("废止日期应晚于施行日期。请核对。")
    if not reason.strip():
        raise LibraryRefused("请写明废止依据：文号或清理结果。")
    return workflow.apply(document, "repeal", actor=actor, reason=reason, fields={"valid_to": on})


@transaction.atomic
def withdraw(document: Document, *, actor: Acting, reason: str) -> Document:
    _own(document, actor)
    if not reason.strip():
        raise LibraryRefused("撤销草稿需要写明理由。")
    workflow.apply(document, "withdraw", actor=actor, reason=reason)
    asking.done(document, actor=actor, outcome="已撤销")
    return document
