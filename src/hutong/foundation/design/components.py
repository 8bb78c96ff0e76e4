"""``ui``: every component macro by name, in every template, without an import line.

A macro imported at the top of a template is unknown inside a block rendered alone as an htmx fragment; a global is
not. Each file of ``templates/design/components/`` holds the macros of one component.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import jinja2

FOLDER = Path(__file__).parent / "templates" / "design" / "components"
_SAME_EVERY_TIME = frozenset({"icon", "badge"})
"""Drawn dozens of times on a page from a handful of arguments: the answers are kept."""
_MACRO = re.compile(r"\{%-?\s*macro\s+([a-z]\w*)\(")


@cache
def catalogue() -> dict[str, str]:
    """Macro name → component file, for the names without a leading underscore. Two files may not share a name."""
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.html")):
        for name in _MACRO.findall(path.read_text(encoding="utf-8")):
            if name in found:
                raise LookupError(f"Macro {name} stands in both {found[name]} and {path.name}.")
            found[name] = path.name
    return found


class Components:
    """Attribute access gives the macro: ``ui.button(...)``."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self._environment = environment
        self._loaded: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        macro = self._loaded.get(name)
        if macro is None:
            file = catalogue().get(name)
            if file is None:
                raise AttributeError(f"There is no component ui.{name}; see design/README.md.")
            macro = getattr(self._environment.get_template(f"design/components/{file}").module, name)
            if not self._environment.auto_reload:
                macro = self._loaded[name] = lru_cache(1024)(macro) if name in _SAME_EVERY_TIME else macro
        return macro
