"""English is spoken into the page, Spanish comes out of it: real models, browser and sound."""

import contextlib
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="needs playwright: make setup-dev")

from live_translator.model_store import ModelStore
from tests.audio.sound_server import RATE_HZ, SoundServer
from tests.serve.browser import browsing, opened, recording, text_of, wait_for_state
from tests.serve.hearing import said, samples_of, share_heard
from tests.serve.program import serving

pytestmark = pytest.mark.slow

SECONDS = 18.0
FINISH_S = 120.0
SPOKEN = (
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the "
    "age of foolishness, it was the epoch of belief, it was the epoch of incredulity"
)


class Heard:
    """What comes out of the loudspeaker."""

    def __init__(self) -> None:
        self.pcm = b""


@contextlib.contextmanager
def listening() -> Iterator[Heard]:
    """Record what is played to the null sink, until the block ends."""
    command = ["parec", "--device=spk.monitor", "--format=s16le", "--channels=1", "--raw"]
    heard = Heard()
    recorder = subprocess.Popen([*command, f"--rate={RATE_HZ}"], stdout=subprocess.PIPE)
    sound = recorder.stdout
    assert sound is not None
    pieces: list[bytes] = []
    reader = threading.Thread(target=lambda: pieces.extend(iter(lambda: sound.read(4800), b"")))
    reader.start()
    try:
        yield heard
    finally:
        recorder.terminate()
        recorder.wait(30)
        reader.join(30)
        sound.close()
        heard.pcm = b"".join(pieces)


@pytest.mark.timeout(600)
def test_english_is_spoken_into_the_page_and_spanish_comes_out(
    store: ModelStore, sound_server: SoundServer, tmp_path: Path
) -> None:
    microphone = recording(tmp_path / "talk.wav", SECONDS)
    with (
        serving() as url,
        browsing(microphone) as browser,
        opened(browser, url) as page,
        listening() as heard,
    ):
        wait_for_state(page, "idle")
        page.click("#talk")
        wait_for_state(page, "listening", timeout_s=FINISH_S)
        page.wait_for_timeout(SECONDS * 1000)
        page.click("#talk")
        wait_for_state(page, "idle", timeout_s=FINISH_S)
        source, target = text_of(page, "source"), text_of(page, "target")
        assert page.locator("#trouble").is_hidden()
        assert page.get_attribute("body", "data-underruns") == "0"
    assert share_heard(SPOKEN, source) > 0.6
    assert len(target.split()) > 10
    spanish = said(store, samples_of(heard.pcm), RATE_HZ)
    assert share_heard(target, spanish) > 0.6, f"{target!r} was heard as {spanish!r}"
