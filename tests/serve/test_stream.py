"""Talks over real sockets, with engines that cost nothing."""

import contextlib
import json
import random
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from live_translator.serve.protocol import SERVER
from tests.serve.server import (
    Served,
    closed,
    receive,
    say,
    send,
    served,
    speech,
    start,
    until,
)

SPEECH = speech(6.0)


def texts(messages: list[dict[str, Any]], kind: str) -> str:
    return "".join(one["text"] for one in messages if one["type"] == kind)


def talk(server: Served, path: str, sound: bytes, **fields: Any) -> list[dict[str, Any]]:
    with server.socket(path) as socket:
        socket.send(start(**fields))
        send(socket, sound)
        say(socket, type="stop_stream")
        messages, code = closed(socket)
    assert code == 1000
    return messages


@pytest.mark.parametrize("path", ["/ws/stream", "/ws/translate"])
def test_a_talk_is_translated_and_ends(path: str) -> None:
    with served() as server:
        messages = talk(server, path, SPEECH)
    kinds = [message["type"] for message in messages]
    assert kinds[0] == "stream_started"
    assert kinds[-1] == "stream_end"
    assert "word0 word1" in texts(messages, "source")
    assert "WORD0" in texts(messages, "target")
    sounds = [message for message in messages if message["type"] == "sound"]
    assert sounds
    assert {sound["rate"] for sound in sounds} == {24_000}
    assert all(len(sound["pcm"]) <= 24_000 for sound in sounds)
    ends = [sound["start_s"] + len(sound["pcm"]) / 48_000 for sound in sounds]
    starts = [sound["start_s"] for sound in sounds]
    assert all(end <= begin + 1e-6 for end, begin in zip(ends[:-1], starts[1:], strict=True))
    numbers = [message["seq"] for message in messages if "seq" in message]
    assert numbers == list(range(1, len(numbers) + 1))
    assert messages[-1]["source_s"] == pytest.approx(6.0, abs=0.05)
    assert messages[-1]["words"]["source"] > 5


def test_what_is_unstable_comes_and_has_no_number() -> None:
    with served() as server:
        messages = talk(server, "/ws/stream", SPEECH)
    partial = [message for message in messages if message["type"] == "source_partial"]
    assert all("seq" not in message for message in partial)


def test_captions_alone_are_possible() -> None:
    with served() as server:
        messages = talk(server, "/ws/translate", SPEECH, speech=False)
    assert texts(messages, "target")
    assert not [message for message in messages if message["type"] in ("sound", "spoken")]


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 48_000])
def test_any_sample_rate_is_taken(rate_hz: int) -> None:
    with served() as server:
        sound = speech(4.0, rate_hz)
        messages = talk(server, "/ws/translate", sound, sample_rate=rate_hz)
    assert messages[-1]["source_s"] == pytest.approx(4.0, abs=0.05)


def test_languages_are_known_by_all_their_names() -> None:
    with served() as server, server.socket() as socket:
        socket.send(start(src_lang="spa_Latn", tgt_lang="eng"))
        started = receive(socket)
        assert (started["src_lang"], started["tgt_lang"]) == ("es", "en")
        assert started["version"] == 1


def test_a_broken_connection_loses_no_committed_text() -> None:
    with served() as server:
        whole = talk(server, "/ws/stream", SPEECH)
        half = len(SPEECH) // 4 * 2
        with server.socket() as socket:
            socket.send(start())
            session = receive(socket)["session"]
            send(socket, SPEECH[:half])
            before = until(socket, "source")
            socket.socket.close()  # As where a line breaks: no goodbye.
        last = max((message["seq"] for message in before if "seq" in message), default=0)
        with server.socket() as socket:
            # A second of what was sent before is sent again, and not heard twice.
            offset = half // 2 - 16_000
            say(socket, type="resume", session=session, last_seq=last, offset=offset)
            resumed = receive(socket)
            assert resumed["type"] == "stream_resumed"
            assert (resumed["received"], resumed["lost"]) == (half // 2, 0)
            send(socket, SPEECH[2 * offset :])
            say(socket, type="stop_stream")
            after, code = closed(socket)
    assert code == 1000
    numbers = [message["seq"] for message in (*before, *after) if "seq" in message]
    assert numbers == list(range(1, len(numbers) + 1))
    assert texts([*before, *after], "source") == texts(whole, "source")
    assert after[-1]["source_s"] == pytest.approx(6.0, abs=0.05)


@pytest.mark.parametrize("seed", range(4))
def test_however_often_a_line_breaks_all_is_heard_once_and_told_once(seed: int) -> None:
    rng = random.Random(seed)
    messages: list[dict[str, Any]] = []
    with served(waiting_frames=2, connections=100) as server:
        session, received = "", 0
        while not messages or messages[-1]["type"] != "stream_end":
            with server.socket() as socket:
                if not session:
                    socket.send(start())
                    session = receive(socket)["session"]
                else:
                    last = max((m["seq"] for m in messages if "seq" in m), default=0)
                    say(socket, type="resume", session=session, last_seq=last)
                    resumed = receive(socket)
                    assert resumed["lost"] == 0
                    received = resumed["received"]
                count = rng.randrange(2, 8)
                piece = SPEECH[2 * received :][: count * 8192]
                with contextlib.suppress(ConnectionClosed):
                    send(socket, piece, size=rng.choice([512, 8192]))
                    if 2 * received + len(piece) == len(SPEECH):
                        say(socket, type="stop_stream")
                        messages += closed(socket)[0]
                    else:
                        messages += [receive(socket) for _ in range(rng.randrange(2))]
                if rng.random() < 0.5:
                    socket.socket.close()
                else:
                    socket.close(code=3000)
    numbers = [message["seq"] for message in messages if "seq" in message]
    assert numbers == list(range(1, len(numbers) + 1))
    assert messages[-1]["source_s"] == pytest.approx(6.0, abs=0.05)


def test_a_talk_is_found_again_after_it_ended_unheard() -> None:
    with served() as server:
        with server.socket() as socket:
            socket.send(start())
            session = receive(socket)["session"]
            send(socket, SPEECH)
            say(socket, type="stop_stream")
            until(socket, "source")
            socket.socket.close()
        with server.socket() as socket:
            say(socket, type="resume", session=session, last_seq=0)
            messages, code = closed(socket)
    assert messages[0]["type"] == "stream_resumed"
    assert messages[-1]["type"] == "stream_end"
    assert code == 1000


def test_a_talk_is_forgotten_in_time_and_at_a_goodbye() -> None:
    with served(resume_s=0.0) as server:
        with server.socket() as socket:
            socket.send(start())
            session = receive(socket)["session"]
            socket.socket.close()
        assert_gone(server, session)
    with served() as server:
        with server.socket() as socket:
            socket.send(start())
            session = receive(socket)["session"]
        assert_gone(server, session)


def assert_gone(server: Served, session: str) -> None:
    """Ask until the server has noticed; each question waits for an answer."""
    for _ in range(100):
        with server.socket() as socket:
            say(socket, type="resume", session=session, last_seq=0)
            answer, _ = closed(socket)
        if answer[-1].get("code") == "unknown_session":
            return
    raise AssertionError(answer)


def test_a_newer_connection_takes_the_talk() -> None:
    with served() as server, server.socket() as first, server.socket() as second:
        first.send(start())
        session = receive(first)["session"]
        say(second, type="resume", session=session, last_seq=0)
        assert until(second, "stream_resumed")[-1]["type"] == "stream_resumed"
        messages, code = closed(first)
        assert (messages[-1]["code"], code) == ("replaced", 4409)
        assert messages[-1]["resumable"]
        say(second, type="stop_stream")
        assert closed(second)[1] == 1000


def test_what_is_acknowledged_is_not_sent_again() -> None:
    with served() as server:
        with server.socket() as socket:
            socket.send(start())
            session = receive(socket)["session"]
            send(socket, SPEECH)
            seq = next(m["seq"] for m in until(socket, "target") if m["type"] == "target")
            say(socket, type="ack", seq=seq)
            say(socket, type="ping", id=7)
            assert until(socket, "pong")[-1]["id"] == 7
            socket.socket.close()
        with server.socket() as socket:
            say(socket, type="resume", session=session, last_seq=0)
            assert receive(socket)["lost"] == seq
            say(socket, type="stop_stream")
            messages, _ = closed(socket)
    assert min(message["seq"] for message in messages if "seq" in message) == seq + 1


def test_a_machine_that_is_full_refuses_politely() -> None:
    with served(max_sessions=1) as server, server.socket() as one, server.socket() as other:
        one.send(start())
        until(one, "ready")
        other.send(start())
        messages, code = closed(other)
        assert code == 4503
        assert messages[-1]["code"] == "busy"
        assert messages[-1]["retry_after_s"] == 15


def test_talks_end_when_the_server_does() -> None:
    with served() as server:
        socket = server.socket().__enter__()
        socket.send(start())
        until(socket, "ready")
    _, code = closed(socket)
    assert code in (1001, 1012)


def test_everything_that_is_sent_is_in_the_documents() -> None:
    with served() as server:
        messages = talk(server, "/ws/stream", SPEECH)
    for message in messages:
        if message["type"] != "sound":
            SERVER.validate_json(json.dumps(message))
