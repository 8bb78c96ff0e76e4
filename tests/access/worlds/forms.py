"""Fills in whatever form a page shows, as a person would who knows nothing of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

WORDS = "核对材料后办理，情况属实"
BY_TYPE = {"date": "2026-10-01", "month": "2026-10", "number": "1", "checkbox": "", "email": "a@example.org"}
BY_NAME = {
    "name": "柳小穗", "birth_date": "2014-02-01", "sex": "1", "area": "990101101201", "hukou_area": "990101101201",
    "residence_area": "990101101201", "to_area": "990101101202", "area_code": "990101101201", "phone": "13800001111",
    "until": "2027-10-01", "since": "2026-09-01", "next_check_on": "2026-10-20", "username": "somebodynew",
}  # fmt: skip


@dataclass
class Form:
    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    """All its fields, boxes left unticked and files included."""


class Forms(HTMLParser):
    """``found``: every form of a page with a value for each of its fields."""

    def __init__(self, page: str, address: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._address, self._select, self._area = address, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = given.get("action") or given.get("hx-post") or self._address
            self.found.append(Form(action.split("?")[0], given.get("method", "get").lower()))
        elif not self.found or not given.get("name"):
            if tag == "option" and self._select:
                self._option(given)
        elif tag == "select":
            self.found[-1].names.add(given["name"])
            self._select = given["name"]
        elif tag == "textarea":
            self._area = given["name"]
            self.found[-1].names.add(self._area)
            self.found[-1].values[self._area] = ""
        elif tag in ("input", "button"):
            self._input(given)

    def _input(self, given: dict[str, str]) -> None:
        name, kind, values = given["name"], given.get("type", "text"), self.found[-1].values
        self.found[-1].names.add(name)
        if kind == "file":
            return
        if kind in ("radio", "checkbox"):
            if "checked" in given or (kind == "radio" and name not in values):
                values[name] = given.get("value", "on")
        else:
            values[name] = given.get("value") or BY_NAME.get(name) or BY_TYPE.get(kind, WORDS)

    def _option(self, given: dict[str, str]) -> None:
        values = self.found[-1].values
        if "selected" in given or not values.get(self._select):
            values[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea" and self._area:
            values = self.found[-1].values
            values[self._area] = values[self._area].strip() or BY_NAME.get(self._area, WORDS)
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self.found:
            self.found[-1].values[self._area] += data
