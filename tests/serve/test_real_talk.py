"""Talks over real sockets with the real models."""

import io
import threading
import wave
from collections.abc import Iterator

import httpx
import pytest

from live_translator.config import load
from live_translator.engines import Engines
from live_translator.model_store import ModelStore
from tests.conftest import SAMPLE
from tests.serve.hearing import said, samples_of, share_heard
from tests.serve.server import Served, closed, receive, say, served, speech, start, until

pytestmark = pytest.mark.slow

SECONDS = 14.0


@pytest.fixture(scope="module")
def server(store: ModelStore) -> Iterator[Served]:
    engines = Engines(load("embedded"), store, speech=True)
    with served(engines=engines, max_busy=10.0, max_core_busy=10.0) as running:
        yield running


def test_spanish_speech_comes_back_while_english_is_spoken(
    server: Served, store: ModelStore
) -> None:
    sound = speech(SECONDS)
    stopped = threading.Event()
    with server.socket() as socket:
        socket.send(start(src_lang="eng", tgt_lang="spa_Latn"))
        until(socket, "ready")

        def speak() -> None:
            for begin in range(0, len(sound), 3200):  # 0.1 s each, as a microphone gives it
                socket.send(sound[begin : begin + 3200])
                stopped.wait(0.1)
            say(socket, type="stop_stream")

        speaker = threading.Thread(target=speak, name="speaker")
        speaker.start()
        messages, code = closed(socket)
        stopped.set()
        speaker.join()
    assert (messages[-1]["type"], code) == ("stream_end", 1000)
    sounds = [message for message in messages if message["type"] == "sound"]
    pcm = b"".join(one["pcm"] for one in sounds)
    heard = said(store, samples_of(pcm), 24_000)
    target = " ".join(m["text"] for m in messages if m["type"] == "target")
    source = "".join(m["text"] for m in messages if m["type"] == "source").lower()
    assert "times" in source
    assert len(target.split()) > 10
    assert share_heard(target, heard) > 0.6
    # While he still spoke, not after it.
    first = min(one["start_s"] for one in sounds)
    assert first < SECONDS
    assert any(message["type"] == "latency" and message["lag_s"] for message in messages)


def test_a_complete_recording_is_translated_faster_than_it_was_spoken(server: Served) -> None:
    with server.socket("/ws/translate") as socket:
        socket.send(start(speech=False))
        receive(socket)
        sound = speech(SECONDS)
        for begin in range(0, len(sound), 65_536):
            socket.send(sound[begin : begin + 65_536])
        say(socket, type="stop_stream")
        messages, code = closed(socket)
    assert code == 1000
    target = " ".join(m["text"] for m in messages if m["type"] == "target")
    assert len(target.split()) > 10


def test_two_talks_share_the_engines(server: Served) -> None:
    """And neither takes the other's words."""
    ends: dict[str, str] = {}

    def talk(name: str, begin_s: float) -> None:
        sound = speech(begin_s + 8.0)[int(begin_s * 32_000) :]
        with server.socket("/ws/translate") as socket:
            socket.send(start(speech=False))
            for begin in range(0, len(sound), 65_536):
                socket.send(sound[begin : begin + 65_536])
            say(socket, type="stop_stream")
            messages, _ = closed(socket)
        ends[name] = "".join(m["text"] for m in messages if m["type"] == "source")

    threads = [threading.Thread(target=talk, args=one) for one in (("a", 0.0), ("b", 12.0))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone: dict[str, str] = dict(ends)
    ends.clear()
    talk("a", 0.0)
    assert ends["a"] == alone["a"]
    assert alone["a"] != alone["b"]


def test_a_recording_is_written_down_and_spoken_about(server: Served, store: ModelStore) -> None:
    with httpx.Client(base_url=server.url, timeout=300) as http:
        answer = http.post(
            "/transcribe-translate",
            files={"file": ("talk.flac", SAMPLE.read_bytes())},
            data={"source_lang": "en-GB", "target_lang": "es"},
        ).json()
        assert "times" in answer["text"].lower()
        assert answer["duration"] > 40
        assert len(answer["translation"].split()) > 50
        wav = http.post("/speak", json={"text": "El tren sale mañana.", "target_lang": "es"})
        with wave.open(io.BytesIO(wav.content)) as file:
            samples = samples_of(file.readframes(file.getnframes()))
            assert "tren" in said(store, samples, file.getframerate())
