"""The server's pure policies, by tables: turns, load, admission, rates, places in a stream."""

import dataclasses
import itertools

import pytest

from live_translator.config import ServeConfig
from live_translator.errors import ClientError, UsageError
from live_translator.serve.admission import refusal
from live_translator.serve.bucket import Bucket
from live_translator.serve.busy import Busy
from live_translator.serve.codes import Code, code_of_status
from live_translator.serve.door import (
    Door,
    check_exposure,
    is_host_known,
    is_loopback,
    is_origin_known,
)
from live_translator.serve.intake import Intake
from live_translator.serve.rota import Rota


@pytest.mark.parametrize(
    ("asked", "turns"),
    [
        ("", ""),
        ("a", "a"),
        ("aaa", "aaa"),
        ("aab", "aba"),
        ("aaaabc", "abcaaa"),
        ("abab", "abab"),
        ("aaabbb", "ababab"),
        ("cba", "cba"),
    ],
)
def test_turns_go_round(asked: str, turns: str) -> None:
    rota: Rota[str] = Rota()
    for number, session in enumerate(asked):
        rota.add(session, f"{session}{number}")
    assert len(rota) == len(asked)
    taken = [ticket for _ in asked if (ticket := rota.take())]
    assert "".join(ticket[0] for ticket in taken) == turns
    assert rota.take() is None
    for session in set(asked):
        own = [ticket for ticket in taken if ticket[0] == session]
        assert own == sorted(own, key=lambda ticket: int(ticket[1:]))


def test_who_comes_again_after_a_turn_waits_for_the_others() -> None:
    rota: Rota[str] = Rota()
    rota.add("a", "a")
    rota.add("b", "b")
    order = []
    for _ in range(6):
        ticket = rota.take()
        assert ticket is not None
        order.append(ticket)
        rota.add(ticket, ticket)
    assert order == list("ababab")


@pytest.mark.parametrize(
    ("spans", "now_s", "share"),
    [
        ([], 10.0, 0.0),
        ([(0.0, 5.0)], 10.0, 0.5),
        ([(0.0, 5.0)], 12.0, 0.3),
        ([(0.0, 5.0)], 20.0, 0.0),
        ([(1.0, 2.0), (3.0, 4.0)], 10.0, 0.2),
        ([(4.0, None)], 10.0, 0.6),
        ([(4.0, None)], 100.0, 1.0),
    ],
)
def test_what_was_in_use_of_late_is_known(
    spans: list[tuple[float, float | None]], now_s: float, share: float
) -> None:
    busy = Busy(10.0)
    for begin_s, end_s in spans:
        busy.begin(begin_s)
        if end_s is not None:
            busy.end(end_s)
    assert busy.share(now_s) == pytest.approx(share)


@pytest.mark.parametrize(
    ("busy", "talks", "admitted"),
    [
        ({"asr": 1.0, "tts": 1.0}, 0, True),  # The first is always taken.
        ({"asr": 0.5, "tts": 0.3}, 1, True),
        # As measured on two cores, which hold two with speech and four without.
        ({"asr": 0.76, "mt": 0.03, "tts": 0.31}, 1, True),
        ({"asr": 0.95, "mt": 0.07, "tts": 0.57}, 2, False),
        ({"asr": 0.96, "mt": 0.06, "tts": 0.0}, 2, True),
        ({"asr": 0.98, "mt": 0.06, "tts": 0.0}, 3, True),
        ({"asr": 0.99, "mt": 0.07, "tts": 0.0}, 4, False),
        ({"asr": 0.1, "tts": 0.7}, 1, False),  # The voice has no smaller steps.
        ({"asr": 0.0, "tts": 0.0}, 3, True),  # Silent, and counted as 0.3 each.
        ({"asr": 0.0, "tts": 0.0}, 4, False),
        ({}, 4, False),
        ({"asr": 0.0}, 16, False),
    ],
)
def test_one_more_talk_is_taken_where_it_can_be_held(
    busy: dict[str, float], talks: int, *, admitted: bool
) -> None:
    assert (refusal(busy, talks, ServeConfig(), cores=2) is None) is admitted


def test_more_cores_hold_more_talks_until_one_engine_has_no_more_time() -> None:
    busy = {"asr": 0.6, "mt": 0.03, "tts": 0.3}
    taken = {
        cores: next(
            talks
            for talks in itertools.count(1)
            if refusal(
                {name: talks * share for name, share in busy.items()},
                talks,
                ServeConfig(),
                cores=cores,
            )
        )
        for cores in (1, 2, 4, 8, 16)
    }
    assert taken == {1: 1, 2: 2, 4: 3, 8: 3, 16: 3}


def test_a_bucket_fills_at_its_rate_and_not_over_its_burst() -> None:
    bucket = Bucket(per_s=2.0, burst=4.0)
    table = [(4, 0.0, True), (1, 0.0, False), (1, 0.5, True), (1, 0.5, False), (4, 100.0, True),
             (0.1, 100.0, False), (5, 1000.0, False)]  # fmt: skip
    for amount, now_s, given in table:
        assert bucket.take(amount, now_s) is given, (amount, now_s)
    assert bucket.left == 4.0


@pytest.mark.parametrize(
    ("messages", "heard"),
    [
        ([b"aabb", b"cc"], [(b"aabb", 0), (b"cc", 0)]),
        ([b"aabb", 0, b"aabb"], [(b"aabb", 0), (b"", 0)]),
        ([b"aabb", 1, b"bbcc"], [(b"aabb", 0), (b"cc", 0)]),
        ([b"aabb", 0, b"aa", b"bbcc"], [(b"aabb", 0), (b"", 0), (b"cc", 0)]),
        ([b"aa", 3, b"dd", b"ee"], [(b"aa", 0), (b"dd", 2), (b"ee", 0)]),
        ([2, b"cc"], [(b"cc", 2)]),
        ([b"aa", 3, b"", b"dd"], [(b"aa", 0), (b"", 0), (b"dd", 2)]),
        ([b"aabbcc", 1, 2, b"ccdd"], [(b"aabbcc", 0), (b"dd", 0)]),
    ],
)
def test_what_is_sent_again_is_dropped_and_what_is_missing_is_counted(
    messages: list[bytes | int], heard: list[tuple[bytes, int]]
) -> None:
    intake = Intake(unit_bytes=2, max_gap=100)
    got = []
    for message in messages:
        if isinstance(message, int):
            intake.seek(message)
        else:
            got.append(intake.take(message))
    assert got == heard


def test_half_samples_and_places_far_away_are_refused() -> None:
    intake = Intake(unit_bytes=2, max_gap=100)
    with pytest.raises(ClientError, match="whole samples"):
        intake.take(b"abc")
    with pytest.raises(ClientError, match="too far"):
        intake.seek(101)
    with pytest.raises(ClientError, match="too far"):
        Intake(unit_bytes=1, max_gap=0).seek(1)


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True),
     ("8.8.8.8", False), ("::", False), ("192.168.1.2", False), ("example.org", False),
     ("", False)],
)  # fmt: skip
def test_beyond_this_machine_a_token_is_required(host: str, *, own: bool) -> None:
    assert is_loopback(host) is own
    check_exposure(host, "0123456789abcdef")
    if own:
        check_exposure(host, None)
    else:
        with pytest.raises(UsageError, match="token"):
            check_exposure(host, None)
    with pytest.raises(UsageError, match="16"):
        check_exposure(host, "short")


@pytest.mark.parametrize(
    ("origin", "host", "known"),
    [
        ("http://127.0.0.1:8765", "127.0.0.1:8765", True),
        ("https://talk.example", "talk.example", True),
        ("https://other.example", "talk.example", True),
        ("http://127.0.0.1:1", "127.0.0.1:8765", False),
        ("https://talk.example.evil", "talk.example", False),
        ("https://evil@talk.example", "talk.example", False),
        ("ftp://talk.example", "talk.example", False),
        ("null", "null", False),
        ("", "", False),
    ],
)
def test_a_page_of_the_server_or_a_known_one_may_use_it(
    origin: str, host: str, *, known: bool
) -> None:
    assert is_origin_known(origin, host, known=("https://other.example",)) is known


@pytest.mark.parametrize(
    ("host", "known"),
    [("localhost:8765", True), ("127.0.0.1", True), ("[::1]:8765", True), ("LOCALHOST", True),
     ("desk.local", True), ("evil.example", False), ("", False), ("localhost.evil", False)],
)  # fmt: skip
def test_only_known_names_lead_here(host: str, *, known: bool) -> None:
    assert is_host_known(host, ("desk.local",)) is known


def test_addresses_are_told_apart_and_forgotten_in_time() -> None:
    now_s = 0.0
    limits = dataclasses.replace(ServeConfig(), requests_per_s=1.0, requests_burst=2.0)
    door = Door(limits, "0123456789abcdef", lambda: now_s)
    for address in ("a", "a", "b", "b"):
        door.check_request(address, "anything", None)
    with pytest.raises(ClientError, match="requests a second"):
        door.check_request("a", "anything", None)
    now_s = 1.0
    door.check_request("a", "anything", None)


@pytest.mark.parametrize("code", Code)
def test_every_code_has_a_status_and_a_close_code(code: Code) -> None:
    assert 400 <= code.http < 600
    assert 1000 <= code.close < 5000


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, Code.NOT_FOUND), (405, Code.METHOD), (400, Code.BAD_MESSAGE), (502, Code.INTERNAL)],
)
def test_a_status_has_a_code(status: int, code: Code) -> None:
    assert code_of_status(status) is code
