"""The page's files, as they are served."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import httpx
import pytest

from live_translator.serve.app import PAGE
from tests.serve.server import served

FILES = sorted(path.name for path in PAGE.iterdir())
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with served() as server, httpx.Client(base_url=server.url) as client:
        yield client


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_served_as_what_it_is(http: httpx.Client, name: str) -> None:
    answer = http.get(f"/{name}")
    suffix = name[name.rindex(".") :]
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == TYPES[suffix]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-cache"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_page_is_at_the_top(http: httpx.Client) -> None:
    assert http.get("/").text == (PAGE / "index.html").read_text("utf-8")


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_fetched_from_elsewhere(name: str) -> None:
    text = (PAGE / name).read_text("utf-8")
    addresses = set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+[^\s\"')]*", text))
    assert addresses <= {"http://www.w3.org/2000/svg"}


class Parts(HTMLParser):
    """What the policy forbids, and what refers to other files."""

    def __init__(self) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.files: set[str] = set()
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids |= {given["id"] or ""} if "id" in given else set()
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        for name in ("src", "href"):
            if given.get(name) and tag != "a":
                self.files.add(str(given[name]))


def test_nothing_is_inline_and_all_that_is_named_is_there() -> None:
    parts = Parts()
    parts.feed((PAGE / "index.html").read_text("utf-8"))
    assert not parts.inline
    assert parts.files <= set(FILES)
    for name in FILES:
        if name.endswith(".js"):
            text = (PAGE / name).read_text("utf-8")
            named = re.findall(r'from "\./([\w.-]+)"|new URL\("([\w.-]+\.js)"', text)
            assert {one or other for one, other in named} <= set(FILES)
    script = (PAGE / "page.js").read_text("utf-8")
    assert set(re.findall(r'\bat\("([\w-]+)"\)', script)) <= parts.ids
