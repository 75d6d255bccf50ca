"""Clients of a real server on loopback, with engines that cost nothing."""

import asyncio
import json
from typing import Any

import pytest

from benchmarks.clients import Heard, Listening, Told, frames, pooled, talk
from live_translator.serve.protocol import HEADER
from tests.serve.server import served, speech


def said(**fields: Any) -> str:
    return json.dumps({"skipped": "", "end_s": 2.0, "speech_end_s": 1.9, "start_s": 1.0, **fields})


def sound(due_s: float, seconds: float) -> bytes:
    return HEADER.pack(1, 1000, due_s) + bytes(2 * int(1000 * seconds))


def test_frames_go_out_when_their_last_sample_is_recorded() -> None:
    pcm = bytes(2 * 2500)
    found = list(frames(pcm, 1024))
    assert [due_s for due_s, _ in found] == [0.064, 0.128, 2500 / 16_000]
    assert b"".join(frame for _, frame in found) == pcm


@pytest.mark.parametrize(
    ("sounds", "begins_s"),
    [
        ([(sound(3.0, 0.5), 3.2)], 3.2),
        ([(sound(4.0, 0.5), 3.2)], 4.0),
        ([(sound(3.0, 0.5), 3.2), (sound(3.5, 0.5), 3.2)], 3.2),
    ],
)
def test_a_segment_sounds_when_it_is_there_and_due(
    sounds: list[tuple[bytes, float]], begins_s: float
) -> None:
    listening = Listening()
    listening.take(said(type="target", segment=0, text="Era", source="It was"), 3.0)
    for message, at_s in sounds:
        listening.take(message, at_s)
    listening.take(said(type="spoken", segment=0, text="Era"), 3.3)
    told = listening.heard.sounds[0]
    assert told == Told(text="It was", start_s=1.0, end_s=2.0, at_s=begins_s)
    assert told.lag_s == pytest.approx(begins_s - 1.0)


def test_what_follows_sounds_behind_what_sounds() -> None:
    listening = Listening()
    for segment in (0, 1):
        listening.take(said(type="target", segment=segment, text="a", source="b"), 3.0)
        listening.take(sound(3.0, 2.0), 3.0)
        listening.take(said(type="spoken", segment=segment, text="a"), 3.0)
    assert [told.at_s for told in listening.heard.sounds.values()] == [3.0, 5.0]


def test_what_is_left_out_is_counted_and_has_no_lag() -> None:
    listening = Listening()
    listening.take(said(type="target", segment=0, text="", source="It", skipped="failed"), 3.0)
    listening.take(said(type="target", segment=1, text="a", source="b"), 3.0)
    listening.take(said(type="spoken", segment=1, text="", skipped="muted"), 3.0)
    heard = listening.heard
    assert (heard.skipped, heard.sounds, len(heard.targets)) == (2, {}, 1)
    assert pooled([heard, heard], speech=False) == [(1.0, 2.0)] * 2


def spoken(url: str, seconds: float, **options: Any) -> Heard:
    pcm = speech(seconds)
    return asyncio.run(
        talk(url, pcm, **{"source": "en", "target": "es", "speech": True, "drain_s": 20, **options})
    )


def test_a_talk_is_heard_out() -> None:
    with served() as server:
        heard = spoken(f"ws://127.0.0.1:{server.port}/ws/stream", 4.0)
    assert (heard.has_ended, heard.refused, heard.skipped) == (True, "", 0)
    assert 0 < len(heard.sounds) <= len(heard.targets)
    assert all(0 < lag_s < 20 for _, lag_s in heard.lags(speech=True))
    assert 4.0 < heard.lasted_s < 20


def test_who_is_refused_is_told_apart() -> None:
    with served(max_sessions=1) as server:
        url = f"ws://127.0.0.1:{server.port}/ws/stream"

        async def both() -> list[Heard]:
            pcm = speech(2.0)
            one = talk(url, pcm, source="en", target="es", speech=False, drain_s=20)
            other = talk(url, pcm, source="en", target="es", speech=False, drain_s=20)
            return list(await asyncio.gather(one, other))

        heard = asyncio.run(both())
    assert sorted(each.refused for each in heard) == ["", "busy"]
    assert sorted(each.has_ended for each in heard) == [False, True]


@pytest.mark.slow
def test_who_reads_nothing_is_cut_and_notices() -> None:
    # A connection's buffers take ten seconds of the light voice.
    with served(send_s=1.0) as server:
        url = f"ws://127.0.0.1:{server.port}/ws/stream"
        heard = spoken(url, 40.0, reading="nothing")
    assert heard.refused
    assert heard.lasted_s < 40
