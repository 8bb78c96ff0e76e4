"""Which model each transition table governs, and what its guards and notices mean. Apps register in ``ready()``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from hutong.foundation.access.acting import Acting
from hutong.foundation.network.models import Post
from hutong.kernel.transitions import Machine

Guard = Callable[[Any, Acting | None, dict[str, Any]], None]
"""``guard(subject, actor, data)`` raises the sentence the user sees (``errors.NotNow``) or returns."""


@dataclass(frozen=True, slots=True)
class NoticeText:
    """What a notice says, to whom and where it leads."""

    to: Post
    title: str
    link: str
    body: str = ""


NoticeMaker = Callable[[Any, Acting | None, dict[str, Any]], "NoticeText | None"]


@dataclass(frozen=True, slots=True)
class Registered:
    """A machine on a model: the field of the state, and where the subject's area and child stand."""

    model: type[Model]
    machine: Machine
    field: str
    area: str
    child: str | None

    @property
    def subject_type(self) -> str:
        return self.model._meta.label_lower

    def state(self, subject: Model) -> str:
        return str(getattr(subject, self.field))

    def area_code(self, subject: Model) -> str:
        return str(getattr(subject, self.area, ""))

    def child_id(self, subject: Model) -> int | None:
        return getattr(subject, self.child) if self.child else None


_registered: dict[type[Model], Registered] = {}
_guards: dict[str, Guard] = {}
_notices: dict[str, NoticeMaker] = {}


def register(
    model: type[Model], machine: Machine, field: str = "state", *, area: str = "", child: str | None = ""
) -> None:
    """Let ``machine`` govern ``model.field``.

    ``area`` and ``child`` name the attributes holding the subject's area code and child id; by default ``area_code``
    or ``residence_area``, and ``child_id`` where the model has one (give ``child="pk"`` for the child itself).
    """
    names = {one.name for one in model._meta.get_fields()} | {
        getattr(one, "attname", "") for one in model._meta.get_fields()
    }
    area = area or ("area_code" if "area_code" in names else "residence_area")
    child = ("child_id" if "child_id" in names else None) if child == "" else child
    _registered[model] = Registered(model, machine, field, area, child)


def of(subject: Model) -> Registered:
    """The machine of a subject; LookupError if its app forgot to register."""
    found = _registered.get(subject._meta.concrete_model or type(subject))
    if found is None:
        raise LookupError(f"no machine registered for {subject._meta.label_lower}")
    return found


def all_machines() -> list[Machine]:
    """Every registered machine once, by name."""
    found = {one.machine.name: one.machine for one in _registered.values()}
    return [found[name] for name in sorted(found)]


def guard(name: str) -> Callable[[Guard], Guard]:
    """Decorator: what the tables call ``guard=name``."""

    def remember(function: Guard) -> Guard:
        _guards[name] = function
        return function

    return remember


def notice(name: str) -> Callable[[NoticeMaker], NoticeMaker]:
    """Decorator: what the tables call ``notice=name``."""

    def remember(function: NoticeMaker) -> NoticeMaker:
        _notices[name] = function
        return function

    return remember


def get_guard(name: str) -> Guard:
    return _guards[name]


def find_notice(name: str) -> NoticeMaker | None:
    return _notices.get(name)
