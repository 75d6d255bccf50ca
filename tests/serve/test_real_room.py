"""An English and a Spanish speaker in a room, with the real models: each hears the other."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from live_translator.config import load
from live_translator.engines import Engines
from live_translator.model_store import ModelStore
from tests.serve.guests import Guest, guests
from tests.serve.hearing import said, samples_of, share_heard
from tests.serve.server import Served, pcm, say, served, speech, spoken

pytestmark = pytest.mark.slow

SECONDS = 14.0
FINISH_S = 240.0
FRAME = 3200
"""Bytes of 0.1 s, as a microphone gives it."""


@pytest.fixture(scope="module")
def server(store: ModelStore) -> Iterator[Served]:
    engines = Engines(load("embedded"), store, speech=True)
    with served(engines=engines, room_busy=1.0, idle_s=600.0) as running:
        yield running


@pytest.mark.timeout(600)
def test_an_english_and_a_spanish_speaker_hear_each_other(
    server: Served, store: ModelStore, shared: Path
) -> None:
    folder = shared / "speech" / "es_misc"
    clips = (folder / "qwen_es.flac", folder / "whisperkit_es_test_clip.flac")
    sounds = (speech(SECONDS), b"".join(pcm(spoken(SECONDS, 16_000, clip)) for clip in clips))
    with guests(server, 3) as (ann, bob, eva):
        ann.join("Ann", "en")
        bob.join("Bob", "es")
        eva.join("Eva", "es", speech=False)
        speakers = [
            threading.Thread(target=talk, args=(guest, sound), name="speaker")
            for guest, sound in zip((ann, bob), sounds, strict=True)
        ]
        for speaker in speakers:
            speaker.start()
        for speaker in speakers:
            speaker.join(FINISH_S)
        for thread in threading.enumerate():
            if thread.name == "talk":
                thread.join(FINISH_S)
        for guest in (ann, bob, eva):
            say(guest.socket, type="ping", id=1)
            guest.until(lambda m: m["type"] == "pong")
        for member, word in ((1, "times"), (2, "librivox")):
            source = "".join(m["text"] for m in eva.kind("source", member=member))
            assert word in source.lower()
        for guest, other, lang in ((bob, 1, "es"), (ann, 2, "en")):
            target = " ".join(m["text"] for m in guest.kind("target"))
            heard = b"".join(m["pcm"] for m in guest.kind("sound"))
            assert len(target.split()) > 10
            assert {m["member"] for m in guest.kind("target", "sound")} == {other}
            found = said(store, samples_of(heard), 24_000, lang)
            assert share_heard(target, found) > 0.6, f"{target!r} was heard as {found!r}"
        # Who only reads is told the same words, translated once.
        told = [[m["text"] for m in guest.kind("target", member=1)] for guest in (bob, eva)]
        assert told[0] == told[1]
        assert not eva.kind("sound")


def talk(guest: Guest, sound: bytes) -> None:
    say(guest.socket, type="mute", muted=False)
    pause = threading.Event()
    for begin in range(0, len(sound), FRAME):
        guest.socket.send(sound[begin : begin + FRAME])
        pause.wait(0.1)
    say(guest.socket, type="mute", muted=True)
