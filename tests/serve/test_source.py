"""A client's sound as the source of a run."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from live_translator.config import SAMPLE_RATE_HZ, ServeConfig
from live_translator.errors import ClientError
from live_translator.messages import AudioBlock, Samples
from live_translator.serve.protocol import PCM
from live_translator.serve.sink import SocketSink
from live_translator.serve.source import SocketSource
from tests.audio.sounds import sweep
from tests.serve.server import pcm

Now = list[float]


def source(
    now: Now,
    *,
    live: bool = True,
    form: str = PCM,
    rate_hz: int = 16_000,
    told: Callable[[float], None] = lambda _: None,
    **limits: Any,
) -> SocketSource:
    return SocketSource(
        form=form,
        sample_rate_hz=rate_hz,
        config=ServeConfig(**limits),
        clock=lambda: now[0],
        live=live,
        slow_down=told,
    )


def heard(blocks: list[AudioBlock]) -> Samples:
    return np.concatenate([block.samples for block in blocks])


@pytest.mark.parametrize("size", [2, 320, 1024, 16_000])
@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100])
def test_samples_do_not_depend_on_how_they_are_cut(size: int, rate_hz: int) -> None:
    sound = pcm(sweep(rate_hz, 1.0) * np.float32(0.5))
    if size == 2 and rate_hz != 8_000:
        sound = sound[:4000]
    ears = source([0.0], rate_hz=rate_hz, waiting_frames=65_536)
    for begin in range(0, len(sound), size):
        assert ears.offer(sound[begin : begin + size])
    ears.close()
    blocks = list(ears.blocks())
    whole = source([0.0], rate_hz=rate_hz)
    whole.offer(sound)
    whole.close()
    assert np.allclose(heard(blocks), heard(list(whole.blocks())), atol=1e-4)
    assert abs(len(heard(blocks)) - len(sound) / 2 / rate_hz * SAMPLE_RATE_HZ) <= 1
    ends_s = [block.start_s + len(block.samples) / SAMPLE_RATE_HZ for block in blocks]
    starts_s = [block.start_s for block in blocks]
    assert starts_s[1:] == pytest.approx(ends_s[:-1])


@pytest.mark.parametrize(
    ("live", "told_gap_s", "waited_s", "gap_s"),
    [
        (True, 0.0, 1.0, 0.0),
        (True, 0.0, 1.5, 0.0),
        (True, 0.0, 6.0, 5.0),
        (True, 3.0, 1.0, 3.0),
        (True, 3.0, 60.0, 3.0),
        (False, 0.0, 60.0, 0.0),
    ],
)
def test_a_gap_is_what_is_told_or_a_long_silence_of_the_line(
    told_gap_s: float, waited_s: float, gap_s: float, *, live: bool
) -> None:
    now = [10.0]
    ears = source(now, live=live)
    ears.offer(bytes(32_000))
    now[0] += waited_s
    ears.offer(bytes(32_000), told_gap_s)
    ears.close()
    first, second = [block for block in ears.blocks() if len(block.samples)]
    assert (first.start_s, second.gap_s) == (0.0, gap_s)
    assert second.start_s == pytest.approx(1.0 + gap_s)
    assert ears.origin_s == pytest.approx(9.0)


def test_the_time_without_a_connection_is_no_gap() -> None:
    now = [0.0]
    ears = source(now)
    ears.offer(bytes(32_000))
    ears.close()
    blocks = ears.blocks()
    next(blocks)
    ears.resumed()
    assert not list(blocks)


def test_a_client_is_warned_once_before_it_is_too_fast() -> None:
    left: list[float] = []
    ears = source([0.0], told=left.append, ahead_s=3.0)
    for _ in range(4):
        ears.offer(bytes(32_000))
    ears.close()
    with pytest.raises(ClientError, match="as fast as it is spoken") as refused:
        list(ears.blocks())
    assert refused.value.code == "too_fast"
    assert left == [0.0]


def test_who_is_full_says_so_and_tells_when_there_is_room() -> None:
    ears = source([0.0], waiting_frames=2)
    assert [ears.offer(bytes(2)) for _ in range(3)] == [True, True, False]
    blocks = ears.blocks()
    next(blocks)
    assert ears.offer(bytes(2))


def encoded(path: Path, container: str) -> bytes:
    """Return two seconds of a sweep, as a browser would encode it."""
    with av.open(str(path), "w", format=container) as file:
        stream = file.add_stream("libopus", rate=48_000, layout="mono")
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(
            (sweep(48_000, 2.0) * np.float32(0.5)).reshape(1, -1), format="flt", layout="mono"
        )
        frame.sample_rate = 48_000
        file.mux([*stream.encode(frame), *stream.encode(None)])
    return path.read_bytes()


@pytest.mark.parametrize("container", ["webm", "ogg"])
@pytest.mark.parametrize("size", [7, 500, 100_000])
def test_opus_is_decoded_however_it_is_cut(tmp_path: Path, container: str, size: int) -> None:
    content = encoded(tmp_path / "sound", container)
    ears = source([0.0], form=container, waiting_frames=65_536)
    for begin in range(0, len(content), size):
        ears.offer(content[begin : begin + size])
    ears.close()
    assert len(heard(list(ears.blocks()))) / SAMPLE_RATE_HZ == pytest.approx(2.0, abs=0.05)


def test_opus_is_decoded_while_it_comes(tmp_path: Path) -> None:
    """The first half is heard before the second is there."""
    content = encoded(tmp_path / "sound", "webm")
    ears = source([0.0], form="webm")
    blocks: list[AudioBlock] = []
    enough = threading.Event()

    def listen() -> None:
        for block in ears.blocks():
            blocks.append(block)
            if sum(len(one.samples) for one in blocks) > 0.3 * SAMPLE_RATE_HZ:
                enough.set()

    thread = threading.Thread(target=listen, name="listener")
    thread.start()
    ears.offer(content[: len(content) // 2])
    assert enough.wait(10)
    ears.close()
    thread.join(10)
    assert not thread.is_alive()


def test_sound_goes_out_in_small_pieces_with_its_place() -> None:
    said: list[tuple[float, int, int]] = []
    sink = SocketSink(lambda at_s, rate_hz, data: said.append((at_s, rate_hz, len(data))))
    assert sink.play(np.ones(30_000, np.float32), not_before_s=2.0) == (2.0, 3.25)
    assert said == [(2.0, 24_000, 24_000), (2.5, 24_000, 24_000), (3.0, 24_000, 12_000)]
    assert sink.play(np.ones(10, np.float32), not_before_s=0.0)[0] == 3.25
