"""A real browser without a window: its microphone plays a file, its line can be cut."""

import contextlib
import os
import re
import shutil
import socket as sockets
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.serve.server import WAIT_S, speech

NAMES = ("chromium", "chromium-browser", "google-chrome")
BROKEN = r"WebSocket connection|net::ERR_"
"""What a browser says of a line that is cut."""
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}


def program() -> str:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("needs a browser: apt-get install chromium")
    return found


def recording(path: Path, seconds: float, *, begin_s: float = 0.0) -> Path:
    """Write a part of the sample as a browser's fake microphone takes it."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(speech(begin_s + seconds, 48_000)[int(begin_s * 96_000) :])
    return path


@contextmanager
def browsing(microphone: Path) -> Iterator[Browser]:
    """Have a browser that hears a file once, from when a page takes the microphone."""
    arguments = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone}%noloop",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # It has none for root.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program(),
            args=arguments,
            ignore_default_args=["--mute-audio"],
            env={**os.environ},
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, url: str, *, expected: str = BROKEN, **options: Any) -> Iterator[Page]:
    """Open the page; what else than expected it says on its console fails the test."""
    context: BrowserContext = browser.new_context(**options)
    context.set_default_timeout(WAIT_S * 1000)
    page = context.new_page()
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    try:
        page.goto(url)
        yield page
        surprises = [text for text in said if not re.search(expected, text)]
        assert not surprises, surprises
    finally:
        context.close()


def wait_for_state(page: Page, *states: str, timeout_s: float = WAIT_S) -> None:
    wanted = ", ".join(f"body[data-state={state}]" for state in states)
    page.wait_for_selector(wanted, timeout=timeout_s * 1000)


def text_of(page: Page, side: str) -> str:
    """Return what stands on the page for good."""
    pieces = page.locator(f".{side} .committed").all_text_contents()
    return " ".join(" ".join(pieces).split())


class Line:
    """Leads to a server, until it is cut."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ear = sockets.create_server(("127.0.0.1", 0))
        self._ends: set[sockets.socket] = set()
        self._lock = threading.Lock()
        self._swallowed: set[sockets.socket] = set()
        self._up = True
        self._threads = [threading.Thread(target=self._listen, name="line")]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._ear.getsockname()[1]}"

    def cut(self) -> None:
        """Break all connections, and take none."""
        with self._lock:
            self._up = False
            for end in self._ends:
                with contextlib.suppress(OSError):
                    end.shutdown(sockets.SHUT_RDWR)

    def swallow(self) -> None:
        """Let nothing through on what is connected, without a word, as a tunnel does."""
        with self._lock:
            self._swallowed |= self._ends

    def mend(self) -> None:
        """Take connections again."""
        self._up = True

    def close(self) -> None:
        self.cut()
        with contextlib.suppress(OSError):
            self._ear.shutdown(sockets.SHUT_RDWR)
        self._ear.close()
        for thread in self._threads:
            thread.join(WAIT_S)
            assert not thread.is_alive()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._ear.accept()
                if not self._up:
                    near.close()
                    continue
                far = sockets.create_connection(("127.0.0.1", self._port))
                with self._lock:
                    self._ends |= {near, far}
                for one, other in ((near, far), (far, near)):
                    thread = threading.Thread(target=self._pass, args=(one, other), name="line")
                    thread.start()
                    self._threads.append(thread)

    def _pass(self, one: sockets.socket, other: sockets.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                if one not in self._swallowed:
                    other.sendall(data)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(sockets.SHUT_RDWR)


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    line = Line(port)
    try:
        yield line
    finally:
        line.close()
