"""Reads Python and templates for places where sensitive fields are opened or carried off (ADR 0032). Knows only text and trees."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from jinja2 import Environment, nodes

LOGGERS = {"log", "logger", "logging", "LOG", "LOGGER"}
LOG_WORDS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
ADDRESSES = {"reverse", "redirect", "urlencode", "HttpResponseRedirect", "iri_to_uri", "quote"}
CACHES = {"cache", "caches", "session"}
PEOPLE = {"child", "person", "kin", "tie", "survivor", "merged", "worker", "held", "kid"}
"""What a child or relative is called in the code: her ``.name`` is hers, another thing's is not."""
IN_ADDRESS = re.compile(r"""(?:href|action|src|hx-(?:get|post|push-url))\s*=\s*"[^"]*$""")
GET_FORM = re.compile(r"""<form\b[^>]*method="get"[^>]*>.*?</form>""", re.S | re.I)


@dataclass(frozen=True)
class Words:
    """``clear``: what gives a sensitive field in clear; ``columns``: where it stands sealed; ``personal``: names only people have."""

    clear: Collection[str]
    columns: Collection[str]
    personal: Collection[str]


def in_python(source: str, words: Words) -> Iterator[tuple[str, str]]:
    """(what is read, how it is carried off or ''), for each place."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and node.attr in words.clear:
            yield node.attr, ""
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from ((one, "") for one in words.columns if re.search(rf"(?<!\w){one}(?!\w)", node.value))
        elif isinstance(node, ast.Call):
            how = _carrier(node.func)
            if how:
                parts = [*node.args, *(keyword.value for keyword in node.keywords)]
                yield from ((what, how) for part in parts for what in _told(part, words))
            if _called(node.func) == ("vault", "open"):
                yield "vault.open", ""
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(one, ast.Subscript) and _last(one.value) in CACHES for one in targets):
                yield from ((what, "a cache") for what in _told(node.value, words))
        elif isinstance(node, ast.FunctionDef) and any(_remembers(one) for one in node.decorator_list):
            yield from (
                (one.arg, "a cache") for one in node.args.args + node.args.kwonlyargs if _is_person(one)
            )
        elif isinstance(node, ast.ClassDef) and any(_last(base) == "Schema" for base in node.bases):
            names = [
                part.target.id
                for part in node.body
                if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
            ]
            yield from ((name, "") for name in names if name in words.clear or name in words.columns)


def in_template(source: str, words: Words) -> Iterator[tuple[str, str]]:
    tree = Environment(extensions=["jinja2.ext.do"], autoescape=True).parse(source)
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        name = node.attr if isinstance(node, nodes.Getattr) else getattr(node.arg, "value", "")
        if name in words.clear or name in words.columns:
            yield str(name), ""
    for output in tree.find_all(nodes.Output):
        before = ""
        for part in output.nodes:
            if isinstance(part, nodes.TemplateData):
                before = part.data
            elif IN_ADDRESS.search(before):
                yield from ((what, "an address") for what in _shown(part, words))
    for form in GET_FORM.finditer(source):
        yield from (
            (one, "an address") for one in words.clear if re.search(rf'name="{one}"|"{one}"', form[0])
        )


def in_routes(pattern: str, words: Words) -> Iterator[tuple[str, str]]:
    """Parts of an address named like a field about a person."""
    for name in re.findall(r"<(?:\w+:)?(\w+)>", pattern):
        if name in words.clear or name in words.personal or name in words.columns:
            yield name, "an address"


def _carrier(func: ast.expr) -> str:
    owner, name = _called(func)
    if name == "print" or (owner in LOGGERS and name in LOG_WORDS):
        return "a log"
    if name in ADDRESSES:
        return "an address"
    return (
        "a cache"
        if owner in CACHES and name in {"set", "add", "get_or_set", "set_many", "setdefault"}
        else ""
    )


def _remembers(decorator: ast.expr) -> bool:
    func = decorator.func if isinstance(decorator, ast.Call) else decorator
    return _last(func) in {"cache", "lru_cache", "cache_page", "cached"}


def _is_person(argument: ast.arg) -> bool:
    return argument.arg in PEOPLE or (
        argument.annotation is not None and _last(argument.annotation) in {"Child", "Person", "Worker"}
    )


def _called(func: ast.expr) -> tuple[str, str]:
    if isinstance(func, ast.Attribute):
        return _last(func.value), func.attr
    return "", func.id if isinstance(func, ast.Name) else ""


def _last(node: ast.expr) -> str:
    """The last word of ``a.b.c`` or ``caches["default"]``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        return _last(node.value)
    return node.id if isinstance(node, ast.Name) else ""


def _told(part: ast.AST, words: Words) -> Iterator[str]:
    for node in ast.walk(part):
        if isinstance(node, ast.Attribute):
            if node.attr in words.clear or node.attr in words.columns or node.attr in words.personal:
                yield node.attr
            elif node.attr == "name" and _last(node.value) in PEOPLE:
                yield f"{_last(node.value)}.name"


def _shown(part: nodes.Node, words: Words) -> Iterator[str]:
    for node in [part, *part.find_all(nodes.Getattr)]:
        if isinstance(node, nodes.Getattr):
            base = node.node.name if isinstance(node.node, nodes.Name) else getattr(node.node, "attr", "")
            if node.attr in words.clear or node.attr in words.columns or node.attr in words.personal:
                yield node.attr
            elif node.attr == "name" and base in PEOPLE:
                yield f"{base}.name"
