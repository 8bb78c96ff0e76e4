"""A draft wording of a rule, as data: existing conditions joined anew, so that a change can be tried before it is code.

``现行`` (the rule as it stands) · a name (``orphan``, ``father.gone``, a yes-or-no fact) · ``{all: […]}`` · ``{any: […]}`` ·
``{not: …}`` · ``{value: age, lt: 14}`` with ``lt le gt ge eq ne`` or ``{value: guard, in: [POOR, ABSENT]}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast, get_args

from hutong.rulebook.expr import And, Compare, CompareOp, Expr, OneOf, Or, RuleError, lift

CURRENT: Final = "现行"
_OPS: Final = get_args(CompareOp)


def worded(said: Any, view: Any, current: Expr) -> Expr:
    """The expression a wording stands for; RuleError (Chinese) for one that cannot be read."""
    found = _read(said, view, current)
    if found.type != "bool":
        raise RuleError(f"规则草案中的“{said}”不是是非条件；请用 {{value: …, lt: …}} 写成比较。")
    return found


def _read(said: Any, view: Any, current: Expr) -> Expr:
    if said == CURRENT:
        return current
    if isinstance(said, str):
        return _named(said, view)
    if isinstance(said, Mapping) and len(said) == 1:
        ((word, inner),) = said.items()
        if word == "not":
            return ~worded(inner, view, current)
        if word in ("all", "any") and isinstance(inner, list) and inner:
            parts = tuple(worded(one, view, current) for one in inner)
            return And(parts) if word == "all" else Or(parts)
    if isinstance(said, Mapping) and len(said) == 2 and "value" in said:
        return _compared(said, _named(str(said["value"]), view))
    raise RuleError(
        f"看不懂规则草案中的“{said}”：可用 现行、规则或事实的名称、all、any、not，或 {{value: …, lt: …}}。"
    )


def _named(name: str, view: Any) -> Expr:
    who, dot, rest = name.partition(".")
    if dot and who in ("father", "mother"):
        return _attribute(getattr(view, who), rest)
    return _attribute(view, name)


def _attribute(view: Any, name: str) -> Expr:
    found = None if name.startswith("_") else getattr(view, name)
    if not isinstance(found, Expr):
        raise RuleError(f"规则草案引用了不存在的事实或规则“{name}”，请核对名称。")
    return found


def _compared(said: Mapping[str, Any], value: Expr) -> Expr:
    (op,) = set(said) - {"value"}
    to = said[op]
    if op == "in" and isinstance(to, list) and to:
        return OneOf(value, tuple(to))
    if op in _OPS and not isinstance(to, list | dict) and to is not None:
        return Compare(cast(CompareOp, op), value, lift(to))
    raise RuleError(
        f"规则草案中的比较“{dict(said)}”不对：用 lt、le、gt、ge、eq、ne 加一个值，或 in 加一组值。"
    )
