"""People in rooms over real sockets, with engines that count and cost nothing."""

import contextlib
import json
import random
import socket as sockets
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from live_translator.messages import Samples
from live_translator.serve.codes import Code
from tests.conftest import STAGES
from tests.serve.counted import CountedEngines, CountedVoice
from tests.serve.guests import Guest, Message, guests
from tests.serve.server import WAIT_S, Served, say, send, served, speech
from tests.serve.test_hostile import frame, shake_hands

SPEECH = speech(6.0)
WORDS = "word0 word1 word2 word3 word4 word5 word6 word7 word8 word9"


def numbers(guest: Guest) -> list[int]:
    return [message["seq"] for message in guest.messages if message.get("seq")]


def spoken(word: str) -> Callable[[Message], bool]:
    return lambda message: message["type"] == "spoken" and word in message["text"]


def ended(member: int) -> Callable[[Message], bool]:
    """Tell the last of what somebody said, translated."""
    return lambda message: (
        message["type"] == "target" and message["member"] == member and message["final"]
    )


def test_all_hear_a_speaker_in_their_own_languages() -> None:
    engines = CountedEngines()
    with served(engines=engines) as server, guests(server, 4) as (ann, bob, eva, carl):
        ann.join("Ann", "en")
        bob.join("Bob", "es")
        eva.join("Eva", "fr")
        joined = carl.join("Carl", "en-GB")
        assert [
            (person["name"], person["colour"], person["lang"]) for person in joined["members"]
        ] == [("Ann", 0, "en"), ("Bob", 1, "es"), ("Eva", 2, "fr"), ("Carl", 3, "en")]
        talk = ann.speak(SPEECH)
        for guest, kind in ((ann, "source"), (bob, "target"), (eva, "target"), (carl, "source")):
            guest.hears_end(kind, talk)
        for guest, lang in ((bob, "es"), (eva, "fr")):
            said = " ".join(f"{lang}:{word}" for word in WORDS.split())
            assert guest.text("target", talk) == said
            guest.until(spoken("word9"))
            assert {sound["rate"] for sound in guest.kind("sound")} == {24_000}
        for guest in (ann, bob, eva, carl):
            assert guest.text("source", talk) == WORDS
            assert {m["member"] for m in guest.messages if "talk" in m} == {1}
            assert numbers(guest) == list(range(1, len(numbers(guest)) + 1))
        # Who understands her hears her own voice, and she hears nothing of herself.
        heard = carl.kind("sound")
        assert {sound["rate"] for sound in heard} == {16_000}
        assert sum(len(sound["pcm"]) for sound in heard) > 32_000 * 3
        assert not ann.kind("sound", "target", "spoken")
        assert not carl.kind("target", "spoken")
        speaking = [message["speaking"] for message in bob.kind("speaking")]
        assert speaking[-1:] == [False]


@pytest.mark.parametrize("listeners", [1, 4])
def test_work_is_done_once_for_a_language_and_not_for_each_listener(listeners: int) -> None:
    engines = CountedEngines()
    with served(engines=engines) as server, guests(server, listeners + 2) as people:
        ann, eva, *others = people
        ann.join("Ann", "en")
        eva.join("Eva", "fr", speech=False)
        for other in others:
            other.join("Bob", "es")
        talk = ann.speak(SPEECH)
        eva.hears_end("target", talk)
        for other in others:
            other.hears_end("target", talk)
            other.until(spoken("word9"))
        counts = engines.counts
        # Every clause is synthesised once; for French, which nobody listens to, never.
        clauses = counts.of("tts")
        assert {call[:2] for call in clauses} == {("es", "auto")}
        assert set(clauses.values()) == {1}
        assert " ".join(call[2] for call in clauses) == others[0].text("target", talk)
        assert set(counts.of("mt")) == {("en", "es"), ("en", "fr")}
        segments = len(others[0].kind("target"))
        assert counts.of("mt")["en", "es"] <= 3 * segments
        assert set(counts.of("asr")) == {("en",)}
        assert counts.of("asr")["en",] <= 20
        heard = [b"".join(sound["pcm"] for sound in other.kind("sound")) for other in others]
        least = min(map(len, heard))  # The last milliseconds may be on their way.
        assert len({pcm[:least] for pcm in heard}) == 1


def test_each_voice_is_synthesised_once() -> None:
    engines = CountedEngines()
    with served(engines=engines) as server, guests(server, 4) as (ann, *others):
        ann.join("Ann", "en")
        for other, voice in zip(others, ("auto", "em_alex", "em_alex"), strict=True):
            other.join("Bob", "es", voice=voice)
        talk = ann.speak(SPEECH)
        for other in others:
            other.hears_end("target", talk)
            other.until(spoken("word9"))
        assert {call[1] for call in engines.counts.of("tts")} == {"auto", "em_alex"}
        assert set(engines.counts.of("tts").values()) == {1}
        assert set(engines.counts.of("mt")) == {("en", "es")}


def test_two_who_speak_at_once_are_two_streams() -> None:
    engines = CountedEngines()
    with served(engines=engines) as server, guests(server, 3) as (ann, bob, eva):
        for guest, name, lang in ((ann, "Ann", "en"), (bob, "Bob", "es"), (eva, "Eva", "fr")):
            guest.join(name, lang)
        for guest in (ann, bob):
            say(guest.socket, type="mute", muted=False)
        for begin in range(0, len(SPEECH), 16_000):
            for guest in (ann, bob):
                guest.socket.send(SPEECH[begin : begin + 16_000])
        for guest in (ann, bob):
            say(guest.socket, type="mute", muted=True)
        for member in (1, 2):
            eva.until(ended(member))
            said = " ".join(m["text"] for m in eva.kind("target", member=member)).split()
            assert said == [f"fr:{word}" for word in WORDS.split()]
        for guest, other in ((ann, 2), (bob, 1)):
            guest.until(ended(other))
            assert {m["member"] for m in guest.kind("target", "sound")} == {other}


def test_who_comes_late_gets_the_transcript_and_his_language_from_then_on() -> None:
    engines = CountedEngines()
    with served(engines=engines) as server, guests(server, 3) as (ann, bob, eva):
        ann.join("Ann", "en")
        bob.join("Bob", "es")
        say(ann.socket, type="mute", muted=False)
        send(ann.socket, SPEECH[:128_000])
        bob.until(lambda m: m["type"] == "target")
        assert set(engines.counts.of("mt")) == {("en", "es")}
        joined = eva.join("Eva", "fr")
        assert [person["talk"] for person in joined["members"]] == [1, None, None]
        (line,) = joined["transcript"]
        assert (line["name"], line["colour"], line["lang"]) == ("Ann", 0, "en")
        assert line["text"].startswith("word0")
        assert line["translation"] == ""
        send(ann.socket, SPEECH[128_000:])
        say(ann.socket, type="mute", muted=True)
        eva.hears_end("target", 1)
        bob.hears_end("target", 1)
        # What was read and what was told are all of it, and nothing twice.
        follows = "".join(message["text"] for message in eva.kind("source"))
        assert f"{line['text']}{follows}" == WORDS
        assert eva.text("target", 1).endswith("fr:word9")
        assert "fr:word0" not in eva.text("target", 1)
        assert bob.text("target", 1).split()[0] == "es:word0"


def test_a_language_ends_with_the_last_who_needs_it_and_may_begin_again() -> None:
    engines = CountedEngines()
    with served(engines=engines) as server, guests(server, 5) as (ann, bob, carl, eva, eve):
        ann.join("Ann", "en")
        for guest in (bob, carl):
            guest.join("Bob", "es")
        eva.join("Eva", "fr")
        say(ann.socket, type="mute", muted=False)
        send(ann.socket, SPEECH)
        bob.until(lambda m: m["type"] == "target" and "word3" in m["text"])
        say(bob.socket, type="leave")
        assert bob.closed() == 1000
        eva.until(lambda m: m["type"] == "member_left" and m["member"] == 2)
        send(ann.socket, SPEECH)
        carl.until(lambda m: m["type"] == "target" and "word9" in m["text"])
        say(carl.socket, type="leave")
        eva.until(lambda m: m["type"] == "member_left" and m["member"] == 3)
        carl.closed()
        # A call that runs is not cut off: it is the last.
        before = engines.counts.of("mt")["en", "es"]
        send(ann.socket, SPEECH)
        count = len(eva.kind("target"))
        eva.until(lambda m: m["type"] == "target" and m["segment"] > count + 3)
        assert engines.counts.of("mt")["en", "es"] <= before + 1
        eve.join("Eve", "es")
        send(ann.socket, SPEECH)
        say(ann.socket, type="mute", muted=True)
        eve.until(lambda m: m["type"] == "target")
        assert engines.counts.of("mt")["en", "es"] > before


def test_what_a_language_cannot_have_is_told_and_the_rest_goes_on() -> None:
    with served(engines=CountedEngines()) as server, guests(server, 4) as (ann, kim, max_, bob):
        ann.join("Ann", "en")
        kim.join("Kim", "ko")
        max_.join("Max", "de")
        bob.join("Bob", "es")
        talk = ann.speak(SPEECH)
        missing = kim.until(lambda m: m["type"] == "missing")
        assert (missing["what"], missing["member"]) == ("translation", 1)
        assert "Korean" in missing["message"]
        missing = max_.until(lambda m: m["type"] == "missing")
        assert missing["what"] == "speech"
        max_.hears_end("target", talk)
        bob.hears_end("target", talk)
        kim.hears_end("source", talk)
        assert kim.text("source", talk) == WORDS
        assert not kim.kind("target")
        assert not max_.kind("sound", "spoken")
        assert not bob.kind("missing")


def test_what_failed_is_tried_again_for_who_comes_later() -> None:
    with served(engines=CountedEngines()) as server, guests(server, 5) as (ann, *others):
        ann.join("Ann", "en", muted=False)
        kinds = (("de", "speech"), ("de", "speech"), ("ko", "translation"), ("ko", "translation"))
        for other, (lang, what) in zip(others, kinds, strict=True):
            other.join("Bob", lang)
            missing = other.until(lambda m: m["type"] == "missing")
            assert (missing["what"], missing["talk"]) == (what, 1)


def test_one_who_reads_nothing_is_let_go_and_harms_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    let_go = threading.Event()
    with (
        served(engines=CountedEngines(), send_s=0.5) as server,
        guests(server, 2) as (ann, bob),
        contextlib.closing(sockets.socket()) as lazy,
    ):
        monkeypatch.setattr(
            server.commons.meters,
            "refused",
            lambda code: let_go.set() if code is Code.TOO_SLOW else None,
        )
        ann.join("Ann", "en")
        bob.join("Bob", "en")
        lazy.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        lazy.connect(("127.0.0.1", server.port))
        shake_hands(lazy, server, "/ws/room/test")
        join = {"type": "join", "name": "Lazy", "lang": "en", "muted": True}
        lazy.sendall(frame(1, json.dumps(join).encode()))
        ann.until(lambda m: m["type"] == "member_joined" and m["person"]["name"] == "Lazy")
        say(ann.socket, type="mute", muted=False)
        for _ in range(5):
            send(ann.socket, SPEECH)
        say(ann.socket, type="mute", muted=True)
        bob.hears_end("source", 1)
        assert sum(len(sound["pcm"]) for sound in bob.kind("sound")) > 32_000 * 15
        assert let_go.wait(WAIT_S)
        assert not bob.kind("error")


def test_a_broken_connection_loses_no_words_and_keeps_the_place() -> None:
    with served(engines=CountedEngines()) as server, guests(server, 3) as (ann, bob, again):
        ann.join("Ann", "en")
        session = bob.join("Bob", "es")["session"]
        say(ann.socket, type="mute", muted=False)
        send(ann.socket, SPEECH[:128_000])
        bob.until(lambda m: m["type"] == "target")
        bob.break_off()
        send(ann.socket, SPEECH[128_000:])
        say(ann.socket, type="mute", muted=True)
        ann.hears_end("source", 1)
        last = max(numbers(bob), default=0)
        rejoined = again.begin(type="resume", session=session, last_seq=last)
        assert rejoined["type"] == "rejoined"
        assert (rejoined["you"], rejoined["talk"], rejoined["lost"]) == (2, None, 0)
        again.hears_end("target", 1)
        together = numbers(bob) + numbers(again)
        assert together == list(range(1, len(together) + 1))
        assert not ann.kind("member_left")
        again.messages = [*bob.messages, *again.messages]
        assert again.text("source", 1) == WORDS


def test_a_speaker_whose_connection_breaks_goes_on_where_he_was() -> None:
    with served(engines=CountedEngines()) as server, guests(server, 3) as (ann, bob, again):
        session = ann.join("Ann", "en", muted=False)["session"]
        bob.join("Bob", "es")
        send(ann.socket, SPEECH[:128_000])
        bob.until(lambda m: m["type"] == "source")
        ann.break_off()
        rejoined = again.begin(type="resume", session=session, last_seq=0, offset=32_000)
        assert rejoined["talk"] == 1
        assert rejoined["received"] == 64_000
        send(again.socket, SPEECH[64_000:])
        say(again.socket, type="mute", muted=True)
        bob.hears_end("target", 1)
        assert bob.text("source", 1) == WORDS


def test_a_place_and_a_room_are_given_up_in_time_and_at_a_goodbye() -> None:
    with served(resume_s=0.0) as server, guests(server, 2) as (ann, bob):
        ann.join("Ann", "en")
        bob.join("Bob", "es")
        bob.break_off()
        ann.until(lambda m: m["type"] == "member_left" and m["member"] == 2)
    with served(engines=CountedEngines()) as server:
        with guests(server, 1) as (ann,):
            ann.join("Ann", "en")
            ann.hears_end("source", ann.speak(SPEECH))
            say(ann.socket, type="leave")
            assert ann.closed() == 1000
        with guests(server, 1) as (bob,):
            joined = bob.join("Bob", "es")
            assert joined["transcript"] == []
            assert [person["name"] for person in joined["members"]] == ["Bob"]


def test_rooms_are_apart() -> None:
    with (
        served(engines=CountedEngines()) as server,
        guests(server, 2, "one") as (ann, carl),
        guests(server, 1, "two") as (bob,),
    ):
        ann.join("Ann", "en")
        bob.join("Bob", "es")
        session = carl.join("Carl", "en")["session"]
        ann.hears_end("source", ann.speak(SPEECH))
        with guests(server, 1, "two") as (thief,):
            refused = thief.begin(type="resume", session=session, last_seq=0)
            assert refused["code"] == "unknown_session"
        assert [m["type"] for m in bob.messages] == ["joined"]


def test_a_speaker_whom_the_machine_cannot_hold_is_refused_and_goes_on_listening() -> None:
    with (
        served(engines=CountedEngines(), max_sessions=1) as server,
        guests(server, 2) as (ann, bob),
    ):
        ann.join("Ann", "en", muted=False)
        ann.until(lambda m: m["type"] == "talk_started")
        bob.join("Bob", "es", muted=False)
        refused = bob.until(lambda m: m["type"] == "refused")
        assert (refused["code"], refused["retry_after_s"]) == ("busy", 15)
        bob.socket.send(SPEECH)  # Dropped.
        send(ann.socket, SPEECH)
        say(ann.socket, type="mute", muted=True)
        bob.hears_end("target", 1)
        # Once she is silent, he may; he asks again until she has ended.
        for _ in range(8):
            count = len(bob.messages)
            say(bob.socket, type="mute", muted=False)
            answer = bob.until(lambda m: m["type"] in ("refused", "talk_started"), since=count)
            if answer["type"] == "talk_started":
                break
            threading.Event().wait(0.2)
        assert answer["member"] == 2


def test_who_is_muted_costs_nothing() -> None:
    engines = CountedEngines()
    with served(engines=engines, max_sessions=1) as server, guests(server, 3) as people:
        for guest in people:
            guest.join("Ann", "en")
            send(guest.socket, SPEECH)
            say(guest.socket, type="ping", id=3)
            guest.until(lambda m: m["type"] == "pong")
        assert server.commons.talks == 0
        assert not [one for one in threading.enumerate() if one.name == "talk"]
        assert not engines.counts.of("asr")


def test_sound_that_is_none_closes_the_microphone_and_not_the_room() -> None:
    with served(engines=CountedEngines()) as server, guests(server, 2) as (ann, bob):
        ann.join("Ann", "en", format="webm", muted=False)
        bob.join("Bob", "es")
        ann.socket.send(b"no WebM" * 2000)
        say(ann.socket, type="mute", muted=True)
        assert ann.until(lambda m: m["type"] == "refused")["code"] == "bad_audio"
        ann.until(lambda m: m["type"] == "talk_ended")
        assert not ann.kind("error")


def test_a_voice_that_fails_leaves_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: object, text: str, *, speed: float = 1.0) -> Samples:
        raise OSError("the voice is broken")

    monkeypatch.setattr(CountedVoice, "synthesize", fail)
    with served(engines=CountedEngines()) as server, guests(server, 2) as (ann, bob):
        ann.join("Ann", "en")
        bob.join("Bob", "es")
        bob.hears_end("target", ann.speak(SPEECH))
        bob.until(lambda m: m["type"] in ("missing", "spoken"))
        assert not bob.kind("sound")


def test_all_in_rooms_are_told_when_the_server_stops() -> None:
    with served(engines=CountedEngines()) as server:
        socket = server.socket("/ws/room/test").__enter__()
        ann = Guest(socket)
        ann.join("Ann", "en", muted=False)
        send(socket, SPEECH)
    assert ann.closed() in (1001, 1012)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_however_people_come_and_go_nothing_is_left(seed: int) -> None:
    with served(
        engines=CountedEngines(), connections=100, resume_s=0.3, max_sessions=8, room_languages=9
    ) as server:
        visitors = [
            threading.Thread(target=visit, args=(server, 100 * seed + number))
            for number in range(12)
        ]
        for visitor in visitors:
            visitor.start()
        for visitor in visitors:
            visitor.join(2 * WAIT_S)
            assert not visitor.is_alive()
        for thread in threading.enumerate():
            if thread.name in ("talk", *STAGES):
                thread.join(WAIT_S)
                assert not thread.is_alive()
        assert server.commons.talks == 0


def visit(server: Served, seed: int) -> None:
    """Come into some room, speak, and go or be cut off, again and again."""
    rng = random.Random(seed)
    for _ in range(6):
        room = f"/ws/room/{rng.randrange(2)}"
        with contextlib.suppress(ConnectionClosed), server.socket(room) as socket:
            guest = Guest(socket)
            lang = rng.choice(["en", "es", "fr", "ko", "de"])
            say(socket, type="join", name=str(seed), lang=lang, muted=rng.random() < 0.5)
            for _ in range(rng.randrange(1, 4)):
                end = 2 * rng.randrange(len(SPEECH) // 2)
                send(socket, SPEECH[:end], size=rng.choice([640, 8192]))
                say(socket, type="mute", muted=rng.random() < 0.5)
            guest.send_all([{"type": "leave"}] if rng.random() < 0.4 else [])
            if rng.random() < 0.4:
                guest.break_off()


CASES: dict[str, tuple[list[str | bytes | dict[str, Any]], str, int]] = {
    "no JSON": (["hello"], "bad_message", 4422),
    "sound first": ([b"\0\0"], "bad_message", 4422),
    "a stream": ([{"type": "start_stream", "src_lang": "en", "tgt_lang": "es"}],
                 "bad_message", 4422),
    "mute first": ([{"type": "mute", "muted": True}], "bad_message", 4422),
    "no name": ([{"type": "join", "lang": "en"}], "bad_message", 4422),
    "an empty name": ([{"type": "join", "name": " ", "lang": "en"}], "bad_message", 4422),
    "a name that turns text": (
        [{"type": "join", "name": "a\u202eb", "lang": "en"}], "bad_message", 4422
    ),
    "a name without end": (
        [{"type": "join", "name": "x" * 10_000, "lang": "en"}], "bad_message", 4422
    ),
    "any language": ([{"type": "join", "name": "a", "lang": "auto"}],
                     "unsupported_language", 4422),
    "a path for a language": ([{"type": "join", "name": "a", "lang": "../.."}],
                              "unsupported_language", 4422),
    "a path for a voice": ([{"type": "join", "name": "a", "lang": "en", "voice": "../x"}],
                           "bad_message", 4422),
    "an unknown place": ([{"type": "resume", "session": "x", "last_seq": 0}],
                         "unknown_session", 4404),
    "joining twice": ([{"type": "join", "name": "a", "lang": "en"}] * 2, "bad_message", 4422),
    "half a sample": ([{"type": "join", "name": "a", "lang": "en"}, b"\0\0\0"],
                      "bad_audio", 4415),
    "a microphone that flickers": (
        [{"type": "join", "name": "a", "lang": "en"},
         *[{"type": "mute", "muted": muted} for _ in range(20) for muted in (True, False)]],
        "too_many_requests", 4429,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_who_does_not_keep_to_the_protocol_is_told_and_sent_away(name: str) -> None:
    messages, code, close_code = CASES[name]
    with (
        served(engines=CountedEngines(), max_sessions=100) as server,
        guests(server, 2) as (ann, bob),
    ):
        ann.join("Ann", "en")
        bob.send_all(messages)
        assert bob.closed() == close_code
        assert bob.kind("error")[-1]["code"] == code
        say(ann.socket, type="ping", id=1)
        ann.until(lambda m: m["type"] == "pong")


@pytest.mark.parametrize("name", ["a%20b", "..%5C", "a%00b", "%E2%80%AE", "x" * 41, "%2e%2e"])
def test_a_room_without_a_plain_name_is_none(name: str) -> None:
    with served() as server, pytest.raises(InvalidStatus) as refused:
        server.socket(f"/ws/room/{name}").__enter__()
    assert refused.value.response.status_code in (403, 404, 422)


def test_there_are_so_many_rooms_people_and_languages() -> None:
    with (
        served(max_rooms=1, room_members=3, room_languages=2) as server,
        guests(server, 5) as (ann, bob, eva, carl, max_),
        guests(server, 1, "other") as (kim,),
    ):
        ann.join("Ann", "en")
        bob.join("Bob", "es")
        for guest, lang in ((eva, "fr"), (kim, "en")):
            assert guest.join("x", lang)["code"] == "busy"
            assert guest.closed() == 4503
        carl.join("Carl", "en")
        assert max_.join("Max", "en")["code"] == "busy"


def test_a_room_needs_the_token_where_the_server_does() -> None:
    token = "correct horse battery"  # noqa: S105 - of nobody
    with served(token=token) as server, guests(server, 2) as (ann, bob):
        assert ann.join("Ann", "en")["code"] == "unauthorized"
        assert bob.join("Bob", "en", token=token)["type"] == "joined"


def test_rooms_are_in_the_documents() -> None:
    with served() as server:
        document = documented(server)
    assert document["channels"]["room"]["address"] == "/ws/room/{name}"
    assert "roomJoin" not in document["components"]["messages"]
    assert "Join" in document["components"]["messages"]


def documented(server: Served) -> dict[str, Any]:
    answer: dict[str, Any] = httpx.get(f"{server.url}/asyncapi.json").json()
    return answer
