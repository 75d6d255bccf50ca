import asyncio
import json
import statistics
import subprocess
import sys
import wave
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import pytest

from benchmarks.peers import livekit
from benchmarks.peers.livekit import VirtualLoop, speak
from benchmarks.peers.replay import Word, replay
from benchmarks.peers.whisper_streaming import (
    WhisperStreaming,
    agreement,
    completed,
    extension,
    prompt,
)
from benchmarks.recognition import SAMPLES, load, normalise, read_manifest
from live_translator.config import SAMPLE_RATE_HZ
from live_translator.messages import Samples
from live_translator.model_store import ModelStore

ROOT = Path(__file__).parents[2]
PEERS_PYTHON = ROOT / ".venv-peers" / "bin" / "python"


@dataclass(frozen=True)
class Segment:
    """faster-whisper's, as far as it is looked at."""

    end: float
    words: Sequence["SegmentWord"]


@dataclass(frozen=True)
class SegmentWord:
    word: str
    start: float
    end: float


@dataclass
class ScriptedModel:
    """Answers each call with the next transcript and remembers what it was asked."""

    transcripts: list[list[Segment]]
    asked: list[tuple[float, str]] = field(default_factory=list)
    """Seconds of audio and prompt of each call."""

    def transcribe(
        self, audio: Samples, *, initial_prompt: str, **options: Any
    ) -> tuple[list[Segment], None]:
        assert options == {
            "language": "en",
            "beam_size": 5,
            "word_timestamps": True,
            "condition_on_previous_text": True,
        }
        self.asked.append((len(audio) / SAMPLE_RATE_HZ, initial_prompt))
        return self.transcripts.pop(0), None


def segment(text: str, start_s: float = 0.0, word_s: float = 1.0) -> Segment:
    """Words of equal length, one after another."""
    words = [
        SegmentWord(f" {word}", start_s + index * word_s, start_s + (index + 1) * word_s)
        for index, word in enumerate(text.split())
    ]
    return Segment(words[-1].end, words)


def spoken(text: str, start_s: float = 0.0) -> list[Word]:
    return [Word(word.word, word.start, word.end) for word in segment(text, start_s).words]


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * SAMPLE_RATE_HZ), np.float32)


def texts(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words).strip()


@pytest.mark.parametrize(
    ("before", "now", "agreed"),
    [
        ("", "a b", ""),
        ("a b", "a b c", "a b"),
        ("a b", "a x b", "a"),
        ("a b c", "a b", "a b"),
        ("x b", "a b", ""),
        ("A", "a", ""),  # another spelling is another word
    ],
)
def test_what_two_transcripts_begin_with_alike_is_agreed(
    before: str, now: str, agreed: str
) -> None:
    words = agreement(spoken(before) if before else [], spoken(now, start_s=0.5))
    assert texts(words) == agreed
    # The later transcript heard more: its times count.
    assert all(word.start_s == index + 0.5 for index, word in enumerate(words))


@pytest.mark.parametrize(
    ("heard", "start_s", "committed", "until_s", "new"),
    [
        ("a b c", 0.0, "a b", 2.0, "c"),  # by time
        ("b c", 1.95, "a b", 2.0, "c"),  # its time slipped a little: by text
        ("a b c", 1.95, "x a b", 2.0, "c"),
        ("c d e f g h", 2.0, "a b c d e f g", 2.0, "h"),  # five words at most
        ("b c d e f g h", 2.0, "a b c d e f g", 2.0, "b c d e f g h"),  # not six
        ("a a b", 2.0, "x a a", 2.0, "a b"),  # the shortest repetition counts
        ("b c", 2.99, "a b", 2.0, "c"),
        ("b c", 3.0, "a b", 2.0, "b c"),  # a second later it is said again
        ("b c", 2.0, "", 2.0, "b c"),  # nothing in the buffer to compare with
        ("a b", 0.0, "", 0.0, "a b"),
        ("a b", 0.0, "a b", 2.0, ""),
        ("a b", 1.89, "", 2.0, "b"),  # 0.1 s early is too early
    ],
)
def test_words_that_are_committed_already_are_not_new(
    heard: str, start_s: float, committed: str, until_s: float, new: str
) -> None:
    words = extension(spoken(heard, start_s), spoken(committed) if committed else [], until_s)
    assert texts(words) == new


@pytest.mark.parametrize(
    ("committed", "offset_s", "expected"),
    [
        ("", 0.0, ""),
        ("a b c d", 0.0, ""),  # all of it is still in the buffer
        ("a b c d", 2.0, " a b"),
        ("a b c d", 2.5, " a b"),
        ("a b c d", 9.0, " a b c"),  # never the last word
        (" ".join(["12345678"] * 30), 99.0, " 12345678" * 20),  # 10 characters each with a space
        (" ".join(["1234567"] * 30), 99.0, " 1234567" * 23),  # the word that reaches 200 is whole
    ],
)
def test_the_prompt_is_the_end_of_what_left_the_buffer(
    committed: str, offset_s: float, expected: str
) -> None:
    assert prompt(spoken(committed) if committed else [], offset_s) == expected


@pytest.mark.parametrize(
    ("ends_s", "until_s", "cut_s"),
    [
        ([], 5.0, None),
        ([4.0], 5.0, None),  # the only segment may go on
        ([4.0, 8.0], 5.0, 4.0),
        ([4.0, 8.0, 12.0], 9.0, 8.0),
        ([4.0, 8.0, 12.0], 8.0, 8.0),
        ([4.0, 8.0, 12.0], 7.9, 4.0),
        ([4.0, 8.0, 12.0], 3.0, None),
    ],
)
def test_the_buffer_is_cut_at_the_last_segment_that_is_committed(
    ends_s: list[float], until_s: float, cut_s: float | None
) -> None:
    assert completed(ends_s, until_s) == cut_s


def test_words_are_committed_once_and_the_rest_at_the_end() -> None:
    model = ScriptedModel(
        [
            [segment("the cat sad")],
            [segment("the cat sat on")],
            [segment("the cat sat on a map")],
            [],  # a transcript without words takes nothing back, and agrees with nothing
            [segment("the cat sat on a mat")],
        ]
    )
    recogniser = WhisperStreaming(model, "en")
    committed = []
    for _ in range(5):
        recogniser.insert(silence(1.0))
        committed.append(texts(recogniser.process()))
    assert committed == ["", "the cat", "sat on", "", ""]
    assert texts(recogniser.finish()) == "a mat"
    assert recogniser.finish() == []
    assert model.asked == [(1.0, ""), (2.0, ""), (3.0, ""), (4.0, ""), (5.0, "")]


def test_a_trimmed_buffer_goes_on_with_a_prompt_and_the_right_times() -> None:
    first = [segment("a b c d"), segment("e f g", start_s=4.0)]
    second = [segment("e f g h"), segment("i j", start_s=4.0)]
    third = [segment("i j k")]
    model = ScriptedModel([first, first, second, second, third, third])
    recogniser = WhisperStreaming(model, "en", trim_s=7.0)
    committed = []
    for seconds in (7.0, 0.5, 4.0, 0.5, 0.5, 0.5):
        recogniser.insert(silence(seconds))
        committed.append(recogniser.process())
    assert [texts(words) for words in committed] == ["", "a b c d e f g", "", "h i j", "", "k"]
    assert committed[-1] == [Word(" k", 10.0, 11.0)]
    # Cut at 4 s and at 8 s, where the first segments end, once they are committed.
    assert model.asked == [
        (7.0, ""),
        (7.5, ""),
        (7.5, " a b c d"),
        (8.0, " a b c d"),
        (4.5, " a b c d e f g h"),
        (5.0, " a b c d e f g h"),
    ]


def test_a_word_said_again_after_a_trim_is_new() -> None:
    before, after = segment("a b c d"), [segment("d e")]
    model = ScriptedModel(
        [[before, segment("x", 4.0)], [before, segment("y", 4.0)], after, after],
    )
    recogniser = WhisperStreaming(model, "en", trim_s=5.0)
    recogniser.insert(silence(6.0))
    assert [texts(recogniser.process()) for _ in range(4)] == ["", "a b c d", "", "d e"]


class FakeClock:
    """Time that passes only when it is told to."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class SlowRecogniser:
    """Takes the scripted times to decode, and commits the number of the decode."""

    def __init__(self, clock: FakeClock, costs_s: Sequence[float]) -> None:
        self._clock = clock
        self._costs_s = list(costs_s)
        self.inserted: list[int] = []

    def insert(self, samples: Samples) -> None:
        self.inserted.append(len(samples))

    def process(self) -> list[Word]:
        self._clock.now_s += self._costs_s.pop(0)
        return [Word(f" {len(self.inserted)}", 0.0, 0.5)]

    def finish(self) -> list[Word]:
        return [Word(" end", 2.0, 2.5)]


@pytest.mark.parametrize(
    ("costs_s", "decoded_at_s", "done_at_s"),
    [
        # Faster than the speaker: a decode a second, and one for the rest.
        ([0.2, 0.2, 0.2, 0.2], [1.0, 2.0, 3.0, 3.5], [1.2, 2.2, 3.2, 3.7]),
        # The first takes until 2.6 s: all that was said by then is decoded at once.
        ([1.6, 0.1, 0.1], [1.0, 2.6, 3.5], [2.6, 2.7, 3.6]),
        # Slower than everything.
        ([9.0, 1.0], [1.0, 3.5], [10.0, 11.0]),
        # Done within the chunk: the next decode waits for its own second of audio.
        ([0.9, 1.2, 0.0], [1.0, 2.0, 3.2, 3.5], [1.9, 3.2, 3.2, 3.5]),
    ],
)
def test_a_slow_decode_finds_more_audio_waiting(
    costs_s: list[float], decoded_at_s: list[float], done_at_s: list[float]
) -> None:
    clock = FakeClock()
    recogniser = SlowRecogniser(clock, [*costs_s, 0.0])
    words = replay(recogniser, silence(3.5), 1.0, clock)
    assert [word.committed_at_s for word in words] == pytest.approx([*decoded_at_s, 3.5])
    assert [word.committed_at_ca_s for word in words] == pytest.approx([*done_at_s, done_at_s[-1]])
    assert sum(recogniser.inserted) == 3.5 * SAMPLE_RATE_HZ
    assert (words[-1].text, words[-1].start_s, words[-1].end_s) == (" end", 2.0, 2.5)


def test_a_clock_that_stands_still_makes_a_replay_unaware_of_computing() -> None:
    recogniser = SlowRecogniser(FakeClock(), [9.0] * 4)
    words = replay(recogniser, silence(3.5), 1.0, lambda: 0.0)
    assert [word.committed_at_s for word in words] == [1.0, 2.0, 3.0, 3.5, 3.5]
    assert [word.committed_at_ca_s for word in words] == [1.0, 2.0, 3.0, 3.5, 3.5]


def test_a_replay_of_nothing_decodes_nothing() -> None:
    recogniser = SlowRecogniser(FakeClock(), [])
    assert [word.text for word in replay(recogniser, silence(0.0), 1.0, FakeClock())] == [" end"]


@pytest.mark.parametrize("chunk_s", [0.0, -1.0])
def test_a_chunk_of_nothing_is_refused(chunk_s: float) -> None:
    with pytest.raises(ValueError, match="longer than nothing"):
        replay(SlowRecogniser(FakeClock(), []), silence(1.0), chunk_s, FakeClock())


def test_on_a_virtual_loop_a_thread_computes_while_others_go_on() -> None:
    clock = FakeClock()
    calls: list[tuple[str, float, float]] = []
    seen: list[tuple[str, float]] = []

    def compute(seconds: float) -> str:
        clock.now_s += seconds
        return f"took {seconds}"

    async def main() -> None:
        loop = asyncio.get_running_loop()

        async def tick() -> None:
            for _ in range(4):
                await asyncio.sleep(1.0)
                seen.append(("tick", loop.time()))

        ticking = asyncio.create_task(tick())
        await asyncio.sleep(0.5)
        seen.append((await asyncio.to_thread(compute, 2.0), loop.time()))
        seen.append((await asyncio.to_thread(compute, 0.25), loop.time()))
        await ticking

    loop = VirtualLoop(
        clock, lambda result, began_s, ended_s: calls.append((result, began_s, ended_s))
    )
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(main())
    assert seen == [
        ("tick", 1.0),
        ("tick", 2.0),
        ("took 2.0", 2.5),
        ("took 0.25", 2.75),
        ("tick", 3.0),
        ("tick", 4.0),
    ]
    assert calls == [("took 2.0", 0.5, 2.5), ("took 0.25", 2.5, 2.75)]
    assert not loop.failures


def test_a_virtual_loop_keeps_what_a_coroutine_swallows() -> None:
    def fail() -> None:
        raise ZeroDivisionError("a decode went wrong")

    async def main() -> None:
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(fail)

    loop = VirtualLoop(FakeClock(), lambda *call: None)
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(main())
    assert [str(failure) for failure in loop.failures] == ["a decode went wrong"]


def test_a_virtual_loop_that_nothing_can_wake_says_so() -> None:
    loop = VirtualLoop(FakeClock(), lambda *call: None)
    try:
        with pytest.raises(RuntimeError, match="no time can pass"):
            loop.run_until_complete(loop.create_future())
    finally:
        loop.close()


@pytest.mark.parametrize("n_samples", [0, 1, 640, 1601])
def test_speech_is_sent_when_it_has_been_spoken(n_samples: int) -> None:
    samples = np.linspace(-1, 1, n_samples, dtype=np.float32)
    sent: list[tuple[bytes, float]] = []

    async def listen(message: bytes) -> None:
        sent.append((message, asyncio.get_running_loop().time()))

    loop = VirtualLoop(FakeClock(), lambda *call: None)
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(speak(samples, listen))
    *pieces, (end, _) = sent
    assert end == b""
    heard = np.frombuffer(b"".join(message for message, _ in pieces), "<i2")
    assert heard == pytest.approx(samples * 32767, abs=1)
    n_sent = np.cumsum([len(message) // 2 for message, _ in pieces])
    assert [at_s for _, at_s in pieces] == pytest.approx(n_sent / SAMPLE_RATE_HZ)
    assert all(len(message) <= livekit.FEED_S * SAMPLE_RATE_HZ * 2 for message, _ in pieces)


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """A manifest of the sample's first 17 s: beyond the first trim, at an end of a sentence."""
    (sample,) = read_manifest(SAMPLES)
    pcm = (load(sample.path)[: 17 * SAMPLE_RATE_HZ] * 32767).astype("<i2")
    with wave.open(str(tmp_path / "start.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(pcm.tobytes())
    said = sample.transcript.partition(" it was the spring")[0]
    path = tmp_path / "manifest.tsv"
    path.write_text(
        f"id\tpath\tlanguage\ttranscript\nstart\tstart.wav\ten\t{said}\n", encoding="utf-8"
    )
    return path


@pytest.mark.slow
@pytest.mark.parametrize("peer", ["whisper_streaming", "whisperlivekit"])
def test_a_peer_transcribes_the_sample(peer: str, manifest: Path, tmp_path: Path) -> None:
    python = sys.executable if peer == "whisper_streaming" else str(PEERS_PYTHON)
    if not Path(python).exists():
        pytest.skip("WhisperLiveKit is not installed: `benchmarks/peers/setup.sh`")
    if not ModelStore.default().has("whisper-base"):
        pytest.skip("the model whisper-base is not on this machine: `make models`")
    out = tmp_path / "words.json"
    command = [python, "benchmarks/peers/run.py", "--peer", peer, "--manifest", str(manifest)]
    # Unaware of computing, so that the machine's speed does not enter.
    command += ["--unaware", "--chunk-s", "1", "--out", str(out)]
    subprocess.run(command, check=True, cwd=ROOT, timeout=280)

    result = json.loads(out.read_text(encoding="utf-8"))
    assert result["peer"] == peer
    assert result["settings"]["compute_type"] == "int8"
    assert result["versions"]["faster-whisper"]
    (recording,) = result["recordings"]
    assert (recording["id"], recording["audio_s"]) == ("start", pytest.approx(17))
    assert recording["cpu_s"] > 1
    words = recording["words"]
    (sample,) = read_manifest(manifest)
    text = normalise("".join(word["text"] for word in words))
    # Its fallback to random samples may loop over the last words on another processor.
    assert jiwer.wer(sample.transcript, text) < 0.3
    assert all(one["committed_at_s"] <= other["committed_at_s"] for one, other in pairwise(words))
    assert all(word["committed_at_s"] == word["committed_at_ca_s"] for word in words)
    # LocalAgreement with chunks of 1 s hears a word's second chunk before it commits it.
    lags_s = [word["committed_at_s"] - word["end_s"] for word in words]
    assert 0.5 < statistics.fmean(lags_s) < 3
