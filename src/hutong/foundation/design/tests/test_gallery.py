"""The gallery shows every component; the reference names every macro; no template breaks the content policy."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

import hutong
from hutong.foundation.design import components

pytestmark = pytest.mark.urls("hutong.foundation.design.tests.site")

PACKAGE = Path(hutong.__file__).parent
TEMPLATES = sorted(PACKAGE.glob("**/templates/**/*.html"))
STYLES = PACKAGE.parents[1] / "frontend" / "src" / "hutong.css"
EXAMPLES = components.FOLDER.parent / "examples"


def test_every_component_has_an_example_that_uses_each_of_its_macros():
    sources = {path.name: path.read_text() for path in EXAMPLES.glob("*.html")}
    assert set(sources) == {path.name for path in components.FOLDER.glob("*.html")}
    everywhere = "\n".join([*sources.values(), *(path.read_text() for path in TEMPLATES)])
    unused = [name for name in components.catalogue() if f"ui.{name}(" not in everywhere]
    assert unused == []


def test_the_reference_names_every_macro_and_no_other():
    text = (components.FOLDER.parents[2] / "README.md").read_text()
    rows = "\n".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`([a-z_]+)\(", rows)) == set(components.catalogue())


class _Policy(HTMLParser):
    """Collects what `script-src 'self'; style-src 'self'` would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (
            tag == "script" and "src" not in given and given.get("type") != "application/json"
        ):
            self.refused.append(f"inline <{tag}>")
        for name, value in attrs:
            if (
                name == "style"
                or name.startswith(("on", "hx-on"))
                or (value or "").startswith(("javascript:", "js:"))
            ):
                self.refused.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_template_has_inline_scripts_styles_or_handlers(path: Path):
    policy = _Policy()
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}", " ", path.read_text(), flags=re.S)
    policy.feed(re.sub(r"\{\{.*?\}\}", "x", source, flags=re.S))
    assert policy.refused == []


def test_the_gallery_draws_every_component_under_a_strict_policy(client: Client):
    response = client.get("/design/")
    html = response.content.decode()
    policy = _Policy()
    policy.feed(html)
    assert response.status_code == 200
    assert policy.refused == []
    for name in {path.stem for path in EXAMPLES.glob("*.html")}:
        assert f'data-component="{name}"' in html
    assert "script-src 'self';" in response["Content-Security-Policy"] + ";"


def test_ids_in_the_shell_are_unique(client: Client):
    html = client.get("/design/?only=table").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "address", ["drawer/", "places/?q=石桥", "places/?q=zzz", "job/?at=75", "job/?at=x", "chart.csv"]
)
def test_the_answers_behind_the_examples(client: Client, address: str):
    assert client.get(f"/design/{address}").status_code == 200


def _luminance(colour: str) -> float:
    colour = colour.lstrip("#")
    parts = colour if len(colour) == 6 else "".join(sign * 2 for sign in colour)
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(parts[at : at + 2], 16) / 255 for at in (0, 2, 4))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_are_readable_and_the_style_sheet_small():
    css = STYLES.read_text()
    token = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", css))
    words = [
        (text, ground)
        for text in ("ink", "soft", "accent", "danger", "warn", "ok")
        for ground in ("white", "ground")
    ]
    pale = [
        ("danger", "danger-pale"),
        ("warn", "warn-pale"),
        ("ok", "ok-pale"),
        ("accent-deep", "accent-pale"),
    ]
    reverse = [("white", "deep"), ("white", "accent"), ("white", "danger")]
    weak = {pair: _contrast(token[pair[0]], token[pair[1]]) for pair in words + pale + reverse}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}
    assert _contrast(token["edge"], token["white"]) >= 3, "borders of controls"
    assert len(css.encode()) < 26_000
    assert "url(" not in css, "nothing is fetched by the style sheet"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_templates_name_only_components_and_drawings_that_exist(path: Path):
    source = path.read_text()
    drawings = set(
        re.findall(r'^  "([a-z]+)": "M', (components.FOLDER / "icon.html").read_text(), flags=re.M)
    )
    assert set(re.findall(r"\bui\.([a-z_]+)\(", source)) <= set(components.catalogue())
    assert set(re.findall(r'(?:ui\.icon\(|\bicon=)"([a-z]+)"', source)) <= drawings
