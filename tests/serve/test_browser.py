"""The page in a real browser, with engines that cost nothing."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="needs playwright: make setup-dev")
from playwright.sync_api import Browser, Page

from live_translator.serve.source import SocketSource
from tests.serve.browser import (
    PHONE,
    browsing,
    line_to,
    opened,
    recording,
    text_of,
    wait_for_state,
)
from tests.serve.server import Served, receive, served, start

pytestmark = pytest.mark.slow

TOKEN = "correct horse battery"  # noqa: S105 - of nobody
REFUSE_MICROPHONE = """
navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("", "NotAllowedError"); }
"""
NOTE_STATES = """
window.states = [];
new MutationObserver(() => states.push(document.body.dataset.state))
  .observe(document.body, { attributeFilter: ["data-state"] });
"""
SILENT_MICROPHONE = """
navigator.mediaDevices.getUserMedia = async () =>
  new AudioContext().createMediaStreamDestination().stream;
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path: Path = recording(tmp_path_factory.mktemp("microphone") / "talk.wav", 20.0)
    with browsing(path) as running:
        yield running


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with served() as running:
        yield running


def begin(page: Page) -> None:
    wait_for_state(page, "idle")
    page.click("#talk")
    wait_for_state(page, "listening")


def wait_for_words(page: Page, words: str, side: str = "target") -> None:
    page.locator(f".{side} .committed").filter(has_text=words).first.wait_for()


MODULES: dict[str, tuple[str, Any]] = {
    "what was recorded is taken in pieces, in order": (
        """const { Backlog } = await import("/backlog.js");
        const backlog = new Backlog(100);
        backlog.push(Int16Array.of(1, 2, 3)); backlog.push(Int16Array.of(4, 5));
        const taken = [backlog.take(4), backlog.take(4), backlog.take(4)];
        return taken.map((one) => one && [one.offset, one.skipped, ...one.samples]);""",
        [[0, 0, 1, 2, 3, 4], [4, 0, 5], None],
    ),
    "what was sent can be taken again": (
        """const { Backlog } = await import("/backlog.js");
        const backlog = new Backlog(100);
        backlog.push(Int16Array.of(1, 2, 3)); backlog.take(3); backlog.rewind(1);
        const { offset, skipped, samples } = backlog.take(9);
        return [backlog.waiting, offset, skipped, ...samples];""",
        [0, 1, 0, 2, 3],
    ),
    "what is too old is skipped, and counted": (
        """const { Backlog } = await import("/backlog.js");
        const backlog = new Backlog(2);
        for (const n of [1, 2, 3, 4]) backlog.push(Int16Array.of(n, n));
        const { offset, skipped, samples } = backlog.take(9);
        return [backlog.begin, offset, skipped, ...samples];""",
        [6, 6, 6, 4, 4],
    ),
    "a bucket fills again, but not over its rim": (
        """const { Bucket } = await import("/bucket.js");
        const bucket = new Bucket({ perS: 2, burst: 10 });
        const left = [bucket.left(0)];
        bucket.take(8); left.push(bucket.left(1000)); left.push(bucket.left(60000));
        bucket.limit(3); left.push(bucket.left(60000));
        return left;""",
        [10, 4, 10, 3],
    ),
    "a frame is read": (
        """const { parseFrame } = await import("/frame.js");
        const buffer = new ArrayBuffer(20);
        const view = new DataView(buffer);
        view.setUint32(0, 7, true); view.setUint32(4, 24000, true); view.setFloat64(8, 1.5, true);
        view.setInt16(16, -32768, true); view.setInt16(18, 16384, true);
        const { seq, rateHz, startS, samples } = parseFrame(buffer);
        return [seq, rateHz, startS, ...samples];""",
        [7, 24000, 1.5, -1, 0.5],
    ),
    "trouble that is not known says what the server said": (
        """const { troubleOf } = await import("/trouble.js");
        const { code, message } = troubleOf({ code: "new", message: "do this: then that" });
        return [code, message, troubleOf({ code: "busy", retry_after_s: 9 }).retryAfterS];""",
        ["new", "Do this: then that.", 9],
    ),
}


@pytest.fixture(scope="module")
def idle(browser: Browser, server: Served) -> Iterator[Page]:
    with opened(browser, server.url) as page:
        wait_for_state(page, "idle")
        yield page


@pytest.mark.parametrize("name", MODULES)
def test_modules_do_what_they_say(idle: Page, name: str) -> None:
    script, expected = MODULES[name]
    assert idle.evaluate(f"async () => {{ {script} }}") == expected


def test_a_talk_is_shown_ends_and_is_cleared(browser: Browser, server: Served) -> None:
    with opened(browser, server.url) as page:
        begin(page)
        assert page.locator("#source").is_disabled()
        wait_for_words(page, "WORD3")
        assert page.locator("#hint").is_hidden()
        page.locator("#latency").filter(has_text="s behind").wait_for()
        # A pause is silent too: what counts is that the level moves with the speech.
        page.locator('#level:not([aria-valuenow="-60"])').wait_for(state="attached")
        page.click("#talk")
        wait_for_state(page, "idle")
        assert page.get_attribute("body", "data-underruns") == "0"
        assert not page.locator(".guessed").filter(has_text="word").count()
        page.click("#reset")
        assert text_of(page, "source") == ""
        assert page.locator("#hint").is_visible()
        begin(page)
        page.click("#reset")
        wait_for_state(page, "idle")
    assert not server.commons.talks


def test_committed_words_alone_are_for_screen_readers(browser: Browser, server: Served) -> None:
    with opened(browser, server.url) as page:
        begin(page)
        guessed = page.locator(".guessed")
        wait_for_words(page, "word1", "source")
        assert guessed.first.get_attribute("aria-hidden") == "true"
        assert page.locator("[aria-live=polite] .committed").count() >= 1
        assert page.locator(".source").first.get_attribute("lang") == "en"
        unnamed = page.evaluate(
            """() => [...document.querySelectorAll("button, select, input")]
                .filter((one) => !one.ariaLabel && !one.labels?.length && !one.textContent.trim())
                .map((one) => one.id)"""
        )
        assert not unnamed


@pytest.mark.parametrize("how", ["cut", "swallow"])
def test_a_talk_is_taken_up_where_its_line_broke(
    browser: Browser, server: Served, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    arrived: list[tuple[int, float]] = []
    offer = SocketSource.offer

    def noted(source: SocketSource, data: bytes, gap_s: float = 0.0) -> bool:
        arrived.append((len(data) // 2, gap_s))
        return offer(source, data, gap_s)

    monkeypatch.setattr(SocketSource, "offer", noted)
    with line_to(server.port) as line, opened(browser, line.url) as page:
        begin(page)
        wait_for_words(page, "WORD2")
        page.evaluate(f"() => {{ {NOTE_STATES} }}")
        getattr(line, how)()
        page.wait_for_function("() => states.includes('resuming')")
        if how == "cut":
            page.wait_for_timeout(3000)  # What is said meanwhile must not be lost.
            line.mend()
        wait_for_state(page, "listening")
        before = len(text_of(page, "source").split())
        page.wait_for_timeout(3000)
        page.click("#talk")
        wait_for_state(page, "idle")
        source, target = text_of(page, "source").split(), text_of(page, "target").split()
        listened_s = float(page.get_attribute("#clock", "data-seconds") or 0)
    assert not any(gap_s for _, gap_s in arrived)
    assert sum(count for count, _ in arrived) / 16_000 == pytest.approx(listened_s, abs=0.2)
    assert len(source) > before + 4
    assert target == [word.upper() for word in source]


def test_a_server_that_stays_away_is_told_and_the_text_is_kept(browser: Browser) -> None:
    with (
        served(resume_s=2.0) as server,
        line_to(server.port) as line,
        opened(browser, line.url) as page,
    ):
        begin(page)
        wait_for_words(page, "WORD1")
        line.cut()
        page.locator("#trouble").filter(has_text="press Start").wait_for()
        wait_for_state(page, "idle")
        assert "WORD1" in text_of(page, "target")


def test_a_silent_microphone_is_told(browser: Browser, server: Served) -> None:
    with opened(browser, server.url) as page:
        page.evaluate(f"() => {{ {SILENT_MICROPHONE} }}")
        begin(page)
        wait_for_state(page, "deaf")
        assert "muted" in page.inner_text("#status")


def test_a_complete_talk_is_translated_too(browser: Browser, server: Served) -> None:
    with opened(browser, server.url) as page:
        wait_for_state(page, "idle")
        page.check("[value=complete]")
        page.click("#talk")
        wait_for_state(page, "listening")
        page.wait_for_timeout(3000)
        page.click("#talk")
        wait_for_state(page, "finishing")
        wait_for_state(page, "idle")
        assert "WORD2" in text_of(page, "target")


def test_languages_are_swapped_and_remembered(browser: Browser, server: Served) -> None:
    with opened(browser, server.url) as page:
        wait_for_state(page, "idle")
        chosen = "() => [source.value, target.value]"
        assert page.evaluate(chosen) == ["en", "es"]
        page.click("#swap")
        assert page.evaluate(chosen) == ["es", "en"]
        page.reload()
        wait_for_state(page, "idle")
        assert page.evaluate(chosen) == ["es", "en"]
        begin(page)
        wait_for_words(page, "WORD1")
        assert page.locator(".target").first.get_attribute("lang") == "en"


def test_the_page_leads_to_a_room_that_nobody_can_guess(browser: Browser, server: Served) -> None:
    with opened(browser, server.url) as page:
        wait_for_state(page, "idle")
        page.locator("#room").click()
        page.wait_for_url(re.compile(r"/room/[0-9a-z]+-[0-9a-z]+$"))
        page.locator("#join:enabled").wait_for()


@pytest.mark.parametrize("size", [(390, 844), (320, 568), (844, 390), (740, 900)], ids=str)
def test_a_phone_shows_all_without_scrolling_sideways(
    browser: Browser, server: Served, size: tuple[int, int]
) -> None:
    width, height = size
    view = {**PHONE, "viewport": {"width": width, "height": height}}
    with opened(browser, server.url, **view) as page:
        begin(page)
        wait_for_words(page, "WORD3")
        assert page.evaluate("document.scrollingElement.scrollWidth") == width
        assert page.evaluate("document.getElementById('scroller').scrollWidth") <= width
        for button in ("#talk", "#reset", "#mute", "#swap"):
            box = page.locator(button).bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 44  # WCAG 2.5.5
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["y"] + box["height"] <= height


def test_the_token_is_asked_for_until_it_is_right(browser: Browser) -> None:
    with served(token=TOKEN) as server:
        with opened(browser, server.url, expected="401") as page:
            page.fill("#door input", "wrong")
            page.click("#door button")
            page.locator("#door [role=alert]").wait_for()
            page.fill("#door input", TOKEN)
            page.click("#door button")
            begin(page)
        with opened(browser, f"{server.url}/#token={TOKEN.replace(' ', '%20')}") as page:
            begin(page)
            assert page.url == f"{server.url}/"
            wait_for_words(page, "WORD1")


def test_a_busy_server_is_asked_again_by_itself(browser: Browser) -> None:
    with (
        served(max_sessions=1, retry_after_s=1) as server,
        server.socket() as other,
        opened(browser, server.url) as page,
    ):
        other.send(start())
        receive(other)
        wait_for_state(page, "idle")
        page.click("#talk")
        wait_for_state(page, "waiting")
        assert "tried again" in page.inner_text("#trouble")
        other.close(1000)
        wait_for_state(page, "listening")
        assert page.locator("#trouble").is_hidden()


def test_a_microphone_that_is_refused_is_told_with_what_helps(
    browser: Browser, server: Served
) -> None:
    with opened(browser, server.url) as page:
        wait_for_state(page, "idle")
        page.evaluate(f"() => {{ {REFUSE_MICROPHONE} }}")
        page.click("#talk")
        page.locator("#trouble").filter(has_text="allow it").wait_for()
        wait_for_state(page, "idle")
