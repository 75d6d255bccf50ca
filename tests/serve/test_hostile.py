"""Clients that mean no good, or do not know better: told why, and closed."""

import contextlib
import json
import os
import random
import socket as sockets
import struct
import threading
from collections.abc import Callable
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from live_translator.serve.codes import Code
from live_translator.serve.protocol import HEADER
from tests.serve.server import (
    WAIT_S,
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

TOKEN = "correct horse battery"  # noqa: S105 - of nobody

Act = Callable[[ClientConnection], None]


def begun(*then: str | bytes, **fields: Any) -> Act:
    """Begin a talk, then send some messages."""

    def act(socket: ClientConnection) -> None:
        socket.send(start(**fields))
        receive(socket)
        for message in then:
            socket.send(message)

    return act


def sent(*messages: str | bytes) -> Act:
    def act(socket: ClientConnection) -> None:
        for message in messages:
            socket.send(message)

    return act


CASES: dict[str, tuple[Act, str, int]] = {
    "no JSON": (sent("hello"), "bad_message", 4422),
    "no object": (sent("[]"), "bad_message", 4422),
    "nested deeply": (sent("[" * 50_000), "bad_message", 4422),
    "no type": (sent("{}"), "bad_message", 4422),
    "another type": (sent('{"type": "hack"}'), "bad_message", 4422),
    "another version": (sent(start(version=99)), "bad_message", 4422),
    "sound first": (sent(b"\0\0"), "bad_message", 4422),
    "an ack first": (sent('{"type": "ack", "seq": 1}'), "bad_message", 4422),
    "an unknown language": (sent(start(tgt_lang="xx")), "unsupported_language", 4422),
    "a path for a language": (
        sent(start(src_lang="../../etc/passwd")),
        "unsupported_language",
        4422,
    ),
    "one language twice": (sent(start(tgt_lang="eng")), "unsupported_language", 4422),
    "a pair nobody knows": (
        sent(start(src_lang="ja", tgt_lang="ko")),
        "unsupported_language",
        4422,
    ),
    "a path for a voice": (sent(start(voice="../../x")), "bad_message", 4422),
    "no sample rate": (sent(start(sample_rate=0)), "bad_message", 4422),
    "a huge sample rate": (sent(start(sample_rate=10**12)), "bad_message", 4422),
    "an unknown format": (sent(start(format="exe")), "bad_message", 4422),
    "an unknown talk": (
        sent('{"type": "resume", "session": "x", "last_seq": 0}'),
        "unknown_session",
        4404,
    ),
    "two starts": (begun(start()), "bad_message", 4422),
    "half a sample": (begun(b"\0\0\0"), "bad_audio", 4415),
    "garbage text later": (begun("}{"), "bad_message", 4422),
    "a negative offset": (begun('{"type": "audio", "offset": -1}'), "bad_message", 4422),
    "an offset far away": (begun('{"type": "audio", "offset": 9007199254740991}'),
                           "bad_message", 4422),
    "a huge number": (begun('{"type": "ack", "seq": 1e999}'), "bad_message", 4422),
    "garbage for WebM": (
        begun(os.urandom(20_000), '{"type": "stop_stream"}', format="webm"), "bad_audio", 4415
    ),
    "garbage for Ogg": (
        begun(b"OggS" + os.urandom(20_000), '{"type": "stop_stream"}', format="ogg"),
        "bad_audio", 4415,
    ),
    "too large a message": (begun(bytes(300_000)), "too_large", 1009),
    "too large a text": (begun('{"type": "ping", "x": "' + "x" * 300_000), "too_large", 1009),
}  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Any:
    with served(connections=1000) as running:
        yield running


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_told_and_ends(server: Served, name: str) -> None:
    act, code, close_code = CASES[name]
    with server.socket() as socket:
        act(socket)
        messages, closed_with = closed(socket)
    assert messages[-1]["type"] == "error"
    assert (messages[-1]["code"], closed_with) == (code, close_code)
    assert "Traceback" not in messages[-1]["message"]


def test_what_is_far_too_large_is_not_even_read(server: Served) -> None:
    with server.socket() as socket:
        with contextlib.suppress(ConnectionClosed):
            socket.send(bytes(4_000_000))
        _, code = closed(socket)
    assert code in (1009, 1006)  # Told, or cut off before that could be read.


def test_silence_before_and_during_a_talk_is_told() -> None:
    with served(start_s=0.5, idle_s=0.5) as server:
        with server.socket() as socket:
            messages, code = closed(socket)
            assert (messages[-1]["code"], code) == ("idle", 4408)
        with server.socket() as socket:
            socket.send(start())
            messages, code = closed(socket)
            assert (messages[-1]["code"], code) == ("idle", 4408)
            assert messages[-1]["resumable"]


def test_sound_that_comes_too_fast_is_warned_then_refused() -> None:
    with served(ahead_s=4.0) as server, server.socket() as socket:
        socket.send(start(speech=False))
        send(socket, bytes(32_000 * 3))
        assert until(socket, "slow_down")[-1]["left_s"] < 1.4
        send(socket, bytes(32_000 * 10))
        messages, code = closed(socket)
        assert (messages[-1]["code"], code) == ("too_fast", 4429)


def test_a_flood_of_small_messages_is_refused() -> None:
    with served(messages_per_s=20.0) as server, server.socket() as socket:
        socket.send(start())
        receive(socket)
        with pytest.raises(ConnectionClosed):
            for _ in range(100_000):
                socket.send(b"\0\0")
        messages, _ = closed(socket)
        assert socket.close_code == 4429
        assert not messages or messages[-1]["code"] == "too_many_requests"


def test_a_recording_without_end_is_refused() -> None:
    with served(max_recording_s=5.0) as server, server.socket("/ws/translate") as socket:
        socket.send(start(speech=False))
        send(socket, bytes(32_000 * 6))
        messages, code = closed(socket)
        assert (messages[-1]["code"], code) == ("too_long", 4413)


def test_a_client_that_reads_nothing_is_let_go_and_harms_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its socket takes a few kilobytes; another's talk goes on meanwhile."""
    # On a busy machine the system must not be the first to cut it.
    with served(send_s=0.5, unread_s=WAIT_S) as server:
        let_go = threading.Event()
        codes: list[Code] = []

        def refused(code: Code) -> None:
            codes.append(code)
            let_go.set()

        monkeypatch.setattr(server.commons.meters, "refused", refused)
        raw = sockets.socket()
        raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        raw.connect(("127.0.0.1", server.port))
        shake_hands(raw, server)
        raw.sendall(frame(1, start().encode()))
        sound = speech(30.0)
        for begin in range(0, len(sound), 8192):
            raw.sendall(frame(2, sound[begin : begin + 8192]))
        with server.socket() as socket:
            socket.send(start())
            send(socket, speech(4.0))
            say(socket, type="stop_stream")
            messages, code = closed(socket)
        assert (messages[-1]["type"], code) == ("stream_end", 1000)
        assert let_go.wait(WAIT_S)
        assert codes == [Code.TOO_SLOW]
        raw.close()


def shake_hands(raw: sockets.socket, server: Served, path: str = "/ws/stream") -> None:
    raw.sendall(
        b"GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Sec-WebSocket-Version: 13\r\n\r\n" % (path.encode(), server.port)
    )
    assert raw.recv(12) == b"HTTP/1.1 101"


def frame(opcode: int, payload: bytes) -> bytes:
    """Return a client's WebSocket frame (RFC 6455 section 5.2), its mask all zeros."""
    head = bytes([0x80 | opcode])
    if len(payload) < 126:
        return head + bytes([0x80 | len(payload)]) + bytes(4) + payload
    return head + b"\xfe" + struct.pack(">H", len(payload)) + bytes(4) + payload


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "file://"},
        {"Origin": "http://[::bad"},
    ],
)
def test_pages_of_others_are_refused(server: Served, headers: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus) as refused:
        server.socket(additional_headers=headers).__enter__()
    assert refused.value.response.status_code == 403


def test_the_own_page_is_let_in() -> None:
    with served() as server, server.socket(additional_headers={"Origin": server.url}) as socket:
        socket.send(start())
        assert receive(socket)["type"] == "stream_started"


def test_a_name_that_was_rebound_is_refused(server: Served) -> None:
    raw = sockets.create_connection(("127.0.0.1", server.port))
    raw.sendall(
        b"GET /ws/stream HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n"
        b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    assert raw.recv(12) == b"HTTP/1.1 403"
    raw.close()


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN[:-1], TOKEN + "x", "é"])
def test_without_the_token_nothing_begins(token: str | None) -> None:
    with served(token=TOKEN) as server, server.socket() as socket:
        socket.send(start(**({} if token is None else {"token": token})))
        messages, code = closed(socket)
        expected = ("unauthorized", 4401) if token != "" else ("bad_message", 4422)
        assert (messages[-1]["code"], code) == expected


def test_the_token_is_taken_from_the_message_or_the_header() -> None:
    with served(token=TOKEN) as server:
        with server.socket() as socket:
            socket.send(start(token=TOKEN))
            assert receive(socket)["type"] == "stream_started"
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with server.socket(additional_headers=headers) as socket:
            socket.send(start())
            assert receive(socket)["type"] == "stream_started"


def test_an_address_has_so_many_connections_and_no_more() -> None:
    with served(connections=2) as server, server.socket() as one, server.socket():
        with pytest.raises(InvalidStatus) as refused:
            server.socket().__enter__()
        assert refused.value.response.status_code == 429
        assert json.loads(refused.value.response.body)["error"]["code"] == "too_many_requests"
        one.close()
        for _ in range(100):
            try:
                with server.socket():
                    return
            except InvalidStatus:
                continue
        raise AssertionError("the place was not given free")


def test_random_messages_never_break_the_server(server: Served) -> None:
    rng = random.Random(7)
    for _ in range(40):
        with server.socket() as socket:
            try:
                if rng.random() < 0.7:
                    socket.send(start(format=rng.choice(["pcm_s16le", "webm", "ogg"])))
                for _ in range(rng.randrange(1, 8)):
                    noise = rng.randbytes(rng.randrange(0, 2000))
                    socket.send(noise if rng.random() < 0.5 else noise.decode("latin-1"))
                say(socket, type="stop_stream")
                messages, _ = closed(socket)
            except ConnectionClosed:
                continue
            assert all(message.get("code") != "internal" for message in messages)
    with server.socket() as socket:
        say(socket, type="ping")
        assert closed(socket)[0][-1]["code"] == "bad_message"


def test_the_header_of_sound_is_sixteen_bytes() -> None:
    assert HEADER.size == 16
