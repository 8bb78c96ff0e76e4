"""The unit's identity provider on loopback: node-oidc-provider, a certified one, in a process of its own."""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests

from hutong.foundation.design.assets import _find

HERE = Path(__file__).resolve().parents[5] / "tests" / "identity"
CLIENT, SECRET = "hutong", "only-for-tests-of-the-unit"
SECONDS = 10


@dataclass
class Provider:
    issuer: str
    process: subprocess.Popen[str]

    def spoil(self, how: str) -> None:
        """From now on every token answer is wrong like that (``provider.mjs``); '' for none."""
        assert requests.post(f"{self.issuer}/spoil", data=how or " ", timeout=SECONDS).text == "ok"

    def visit(self, address: str, subject: str, *, consents: bool = True) -> str:
        """What a browser does there: sign in as ``subject``, agree; returns the address to which it is sent back."""
        browser = requests.Session()
        answer = browser.get(address, allow_redirects=False, timeout=SECONDS)
        for _ in range(12):
            while answer.is_redirect:
                onward = answer.headers["Location"]
                if urlsplit(onward).netloc not in ("", urlsplit(self.issuer).netloc):
                    return onward
                answer = browser.get(
                    requests.compat.urljoin(answer.url, onward), allow_redirects=False, timeout=SECONDS
                )
            asked = re.search(r'name="prompt" value="(\w+)"', answer.text)
            assert asked, f"{answer.status_code} {re.sub('<[^>]+>', ' ', answer.text)[-600:]}"
            if not consents:
                answer = browser.get(f"{answer.url}/abort", allow_redirects=False, timeout=SECONDS)
                continue
            given = {"prompt": asked[1], "login": subject, "password": "any"}
            answer = browser.post(answer.url, data=given, allow_redirects=False, timeout=SECONDS)
        raise AssertionError("the provider sends round in a circle")

    def stop(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(SECONDS)
        assert self.process.stdout
        self.process.stdout.close()


@contextmanager
def running(*callbacks: str) -> Iterator[Provider]:
    """The provider, knowing this installation by name and secret and where it may send people back to."""
    _install()
    node, path = _find("node")
    process = subprocess.Popen(
        [node, str(HERE / "provider.mjs"), CLIENT, SECRET, *callbacks], env={"PATH": path},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout
    provider = Provider(process.stdout.readline().strip(), process)
    try:
        assert provider.issuer, "the provider did not start"
        yield provider
    finally:
        if process.poll() is None:
            provider.stop()


def _install() -> None:
    """By hash lock, without running install scripts; once, however many test processes there are."""
    locked = json.loads((HERE / "package-lock.json").read_text())["packages"]["node_modules/oidc-provider"][
        "version"
    ]
    installed = HERE / "node_modules" / "oidc-provider" / "package.json"
    with (HERE / "provider.mjs").open() as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        if installed.exists() and json.loads(installed.read_text())["version"] == locked:
            return
        npm, path = _find("npm")
        words = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(words, cwd=HERE, env=os.environ | {"PATH": path}, check=True)
