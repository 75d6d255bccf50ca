"""The page of a room: its files, its colours, and two people in a real browser."""

import re
from pathlib import Path

import httpx
import pytest

from live_translator.serve.app import PAGE
from tests.serve.counted import CountedEngines
from tests.serve.server import served
from tests.serve.test_page import FILES, Parts

PAPERS = {"light": "#fdfcf9", "dark": "#171614"}
"""Of style.css."""


def test_the_page_of_a_room_is_where_the_room_is() -> None:
    with served() as server, httpx.Client(base_url=server.url) as http:
        answer = http.get("/room/Team-7")
        assert answer.text == (PAGE / "room.html").read_text("utf-8")
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        for name in ("a%20b", "%3Cscript%3E", "..%5c", "x" * 41):
            assert http.get(f"/room/{name}").status_code == 422


def test_nothing_is_inline_and_all_that_is_named_is_there() -> None:
    parts = Parts()
    parts.feed((PAGE / "room.html").read_text("utf-8"))
    assert not parts.inline
    assert {file.removeprefix("../") for file in parts.files} <= set(FILES)
    script = (PAGE / "room.js").read_text("utf-8")
    assert set(re.findall(r'\bat\("([\w-]+)"\)', script)) <= parts.ids


@pytest.mark.parametrize("paper", PAPERS)
def test_every_speakers_colour_can_be_read(paper: str) -> None:
    text = (PAGE / "room.css").read_text("utf-8")
    pairs = re.findall(r"light-dark\((#\w{6}), (#\w{6})\)", text)
    assert len(pairs) == 8
    for light, dark in pairs:
        colour = light if paper == "light" else dark
        assert contrast(colour, PAPERS[paper]) >= 4.5, colour
    style = (PAGE / "style.css").read_text("utf-8")
    assert PAPERS[paper] in style


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2, section "contrast ratio")."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.slow
def test_two_people_in_a_browser_read_and_hear_each_other(tmp_path: Path) -> None:
    pytest.importorskip("playwright", reason="needs playwright: make setup-dev")
    from tests.serve.browser import (  # noqa: PLC0415
        PHONE,
        browsing,
        opened,
        recording,
        text_of,
        wait_for_state,
    )

    microphone = recording(tmp_path / "talk.wav", 12.0)
    with (
        served(engines=CountedEngines()) as server,
        browsing(microphone) as browser,
        opened(browser, f"{server.url}/room/test") as ann,
        opened(browser, f"{server.url}/room/test", **PHONE) as bob,
    ):
        for page, name, lang in ((ann, "Ann", "en"), (bob, "Bob <b>", "es")):
            wait_for_state(page, "outside")
            page.fill("#name", name)
            page.select_option("#entrance-language", lang)
            page.click("#join")
            wait_for_state(page, "inside")
        for page in (ann, bob):
            page.locator("#people li").nth(1).wait_for()
            assert page.locator("#people b").all_text_contents() == ["Ann", "Bob <b>"]
        ann.click("#talk")
        ann.wait_for_selector("#people li.open:has-text('Ann')")
        bob.wait_for_selector("#people li.speaking:has-text('Ann')")
        bob.locator(".target .committed").filter(has_text="es:word3").first.wait_for()
        assert "word0 word1" in text_of(ann, "source")
        assert not text_of(ann, "target")
        assert bob.locator("#captions .speaker").first.text_content() == "Ann"
        colours = [page.locator("#captions li").first.get_attribute("data-colour")
                   for page in (ann, bob)]  # fmt: skip
        assert colours == ["0", "0"]
        # No row is wider than a telephone.
        assert bob.evaluate("document.documentElement.scrollWidth <= innerWidth")
        ann.click("#talk")
        bob.wait_for_selector("#people li:not(.open):has-text('Ann')")
        # Who changes his language reads what was said in the other, and goes on.
        bob.select_option("#language", "fr")
        wait_for_state(bob, "inside")
        bob.locator(".source .committed").filter(has_text="word3").first.wait_for()
        assert not text_of(bob, "target")
        ann.click("#leave")
        wait_for_state(ann, "outside")
        bob.wait_for_selector("#people li:only-child")
        for page in (ann, bob):
            assert page.locator("#trouble").is_hidden()
