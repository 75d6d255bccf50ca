import csv
import logging
import math
import os
import struct
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from live_translator.audio.sources import BLOCK_SAMPLES, FileSource, StdinSource
from live_translator.errors import AudioError
from live_translator.messages import AudioBlock, Samples
from tests.audio.sounds import place_of, sweep, write_wav

SPEECH = Path(__file__).parents[2] / ".." / "shared" / "speech"
CONTAINERS = SPEECH / "containers"


class ManualClock:
    """A clock that a test moves; its first reading, which a source counts from, is 1000."""

    def __init__(self, then_s: float = 1000.0) -> None:
        self.now_s = then_s
        self._read = False

    def __call__(self) -> float:
        if not self._read:
            self._read = True
            return 1000.0
        return self.now_s


def fast(path: Path) -> FileSource:
    return FileSource(path, clock=lambda: 5.0, realtime=False, buffer_s=30.0)


def whole(blocks: list[AudioBlock]) -> Samples:
    return np.concatenate([block.samples for block in blocks])


def write_floats(path: Path, samples: Samples, rate_hz: int = 16_000) -> Path:
    data = samples.astype("<f4").tobytes()
    form = struct.pack("<IHHIIHH", 16, 3, 1, rate_hz, rate_hz * 4, 4, 32)
    head = b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + form
    path.write_bytes(head + b"data" + struct.pack("<I", len(data)) + data)
    return path


def encode(path: Path, codec: str, samples: Samples, rate_hz: int, layout: str) -> Path:
    """Write a compressed file with the ffmpeg inside PyAV."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate_hz, layout=layout)
        assert isinstance(stream, av.AudioStream)
        pcm = (np.repeat(samples, 2 if layout == "stereo" else 1) * 32767).astype("<i2")
        frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate = rate_hz
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


# Files


def test_blocks_are_of_one_size_in_order_and_hold_every_sample(tmp_path: Path) -> None:
    sound = sweep(16_000, 1.0)
    source = fast(write_wav(tmp_path / "a.wav", sound, 16_000))
    blocks = list(source.blocks())
    assert {len(block.samples) for block in blocks[:-1]} == {BLOCK_SAMPLES}
    assert len(blocks[-1].samples) == 16_000 % BLOCK_SAMPLES
    assert [b.start_s for b in blocks] == [i * BLOCK_SAMPLES / 16_000 for i in range(len(blocks))]
    assert np.abs(whole(blocks) - sound).max() < 1e-4
    assert all(b.samples.dtype == np.float32 and b.gap_s == 0 for b in blocks)
    assert {b.captured_at_s for b in blocks} == {5.0}
    assert source.dropped_s == 0.0


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_any_rate_and_channels_give_the_same_sound(
    tmp_path: Path, rate_hz: int, channels: int
) -> None:
    sound = sweep(rate_hz, 1.0)
    table = np.repeat(sound.reshape(-1, 1), channels, axis=1)
    heard = whole(list(fast(write_wav(tmp_path / "a.wav", table, rate_hz)).blocks()))
    expected = sweep(16_000, 1.0)
    assert len(heard) == pytest.approx(16_000, abs=2)
    # The sweep ends at 3 kHz, which 8 kHz still holds.
    assert np.abs(heard[:15_500] - expected[:15_500]).max() < 0.03


@pytest.mark.parametrize("channels", [3, 4, 6, 8])
def test_many_channels_are_mixed_without_failing(tmp_path: Path, channels: int) -> None:
    table = np.repeat(0.2 * sweep(16_000, 0.2).reshape(-1, 1), channels, axis=1)
    heard = whole(list(fast(write_wav(tmp_path / "a.wav", table, 16_000)).blocks()))
    assert len(heard) == 3200
    assert place_of(table[:, 0], heard)[1] > 0.99


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.flac", "flac"), ("a.opus", "libopus"), ("a.webm", "libopus"), ("a.m4a", "aac"),
     ("a.mp3", "libmp3lame"), ("a.ogg", "libvorbis"), ("a.aiff", "pcm_s16be"), ("a.mkv", "aac")],
)  # fmt: skip
@pytest.mark.parametrize("layout", ["mono", "stereo"])
def test_compressed_files_decode(tmp_path: Path, name: str, codec: str, layout: str) -> None:
    if codec not in av.codecs_available:
        pytest.skip(f"this PyAV has no {codec}")
    path = encode(tmp_path / name, codec, sweep(48_000, 1.0), 48_000, layout)
    heard = whole(list(fast(path).blocks()))
    assert len(heard) / 16_000 == pytest.approx(1.0, abs=0.1)
    at, alike = place_of(sweep(16_000, 1.0)[:12_000], heard)
    assert alike > 0.95
    assert at < 1600


@pytest.mark.parametrize(
    "name", ["-x.wav", "a\nb.wav", "http:x.wav", "ä ö.wav", "noending", "a.txt"]
)
def test_any_file_name_works(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_wav(tmp_path / name, sweep(16_000, 0.1), 16_000)
    source = fast(Path(name))
    assert len(whole(list(source.blocks()))) == 1600
    assert "\n" not in source.name


def test_what_is_no_number_becomes_silence_and_too_loud_is_clipped(tmp_path: Path) -> None:
    sound = np.full(1600, 0.25, np.float32)
    sound[100:104] = [np.nan, np.inf, -np.inf, 7.0]
    heard = whole(list(fast(write_floats(tmp_path / "a.wav", sound)).blocks()))
    assert heard[99:105].tolist() == [0.25, 0.0, 0.0, 0.0, 1.0, 0.25]


def not_audio(path: Path) -> None:
    path.write_text("To be, or not to be: that is the question.\n" * 100)


def zero_length(path: Path) -> None:
    write_wav(path, np.zeros(0, np.float32), 16_000)


def playlist(path: Path) -> None:
    other = write_wav(path.with_name("other.wav"), sweep(16_000, 0.1), 16_000)
    path.write_text(f"#EXTM3U\n#EXTINF:1,\nfile://{other}\n#EXT-X-ENDLIST\n")


def video(path: Path) -> None:
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        picture = np.zeros((32, 32, 3), np.uint8)
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))


def damaged_throughout(path: Path) -> None:
    encode(path.with_suffix(".flac"), "flac", sweep(16_000, 0.5), 16_000, "mono")
    content = bytearray(path.with_suffix(".flac").read_bytes())
    at = content.index(b"\xff\xf8")
    content[at + 2 :] = bytes(b ^ 0x5A for b in content[at + 2 :])
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "there is no such file"),
        (Path.mkdir, "it is a folder"),
        (Path.touch, "it is empty"),
        (not_audio, "not an audio file that ffmpeg knows"),
        (playlist, "not an audio file that ffmpeg knows"),
        (zero_length, "holds no sound, its length is zero"),
        (video, "it has no audio track"),
        (damaged_throughout, "damaged|holds no sound"),
    ],
)
def test_a_file_without_sound_is_refused_at_open_in_one_sentence(
    tmp_path: Path, make: Callable[[Path], None], message: str
) -> None:
    path = tmp_path / "talk.wav"
    make(path)
    with pytest.raises(AudioError, match=message) as raised:
        fast(path).open()
    assert "talk.wav" in str(raised.value)
    assert "\n" not in str(raised.value)
    with pytest.raises(AudioError, match=message):
        next(fast(path).blocks())


def test_a_cut_file_gives_what_it_holds(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", sweep(16_000, 1.0), 16_000)
    path.write_bytes(path.read_bytes()[:10_044])
    assert len(whole(list(fast(path).blocks()))) == 5000


def test_damage_in_the_middle_costs_that_part_and_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = encode(tmp_path / "a.mp3", "libmp3lame", sweep(16_000, 8.0), 16_000, "mono")
    content = bytearray(path.read_bytes())
    third = len(content) // 3
    content[third : 2 * third] = np.random.default_rng(1).bytes(third)
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        heard = whole(list(fast(path).blocks()))
    assert 4.0 < len(heard) / 16_000 <= 8.1
    assert "is damaged" in caplog.text


def test_a_file_is_decoded_as_it_is_taken(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", np.zeros(16_000 * 120, np.float32), 16_000)
    fast(path).open()
    tracemalloc.start()
    taken = sum(len(block.samples) for block in fast(path).blocks())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken == 16_000 * 120
    assert peak < 1_000_000


def test_closing_ends_the_blocks(tmp_path: Path) -> None:
    source = fast(write_wav(tmp_path / "a.wav", sweep(16_000, 1.0), 16_000))
    blocks = source.blocks()
    next(blocks)
    source.close()
    assert list(blocks) == []


def test_in_real_time_blocks_come_when_they_are_due(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", sweep(16_000, 0.3), 16_000)
    source = FileSource(path, clock=time.monotonic, realtime=True, buffer_s=30.0)
    source.open()
    came = [(block, time.monotonic()) for block in source.blocks()]
    assert source.origin_s is not None
    for block, at_s in came:
        due_s = source.origin_s + block.start_s + len(block.samples) / 16_000
        assert block.captured_at_s == pytest.approx(due_s)
        assert due_s - 0.005 <= at_s < due_s + 0.25
    assert whole([block for block, _ in came]).shape == (4800,)
    assert source.dropped_s == 0.0


def test_closing_wakes_a_source_that_waits_for_the_next_block(tmp_path: Path) -> None:
    clock = ManualClock()
    path = write_wav(tmp_path / "a.wav", sweep(16_000, 1.0), 16_000)
    source = FileSource(path, clock=clock, realtime=True, buffer_s=30.0)
    found: list[list[AudioBlock]] = []
    reader = threading.Thread(target=lambda: found.append(list(source.blocks())), daemon=True)
    reader.start()
    source.close()
    reader.join(5)
    assert not reader.is_alive()
    assert found == [[]]


def test_a_late_consumer_finds_the_buffer_then_a_gap(tmp_path: Path) -> None:
    # 3.2 s are 100 blocks, the buffer holds 10 of them.
    clock = ManualClock(then_s=1000.033)
    sound = sweep(16_000, 3.2)
    path = write_wav(tmp_path / "a.wav", sound, 16_000)
    source = FileSource(path, clock=clock, realtime=True, buffer_s=0.32)
    blocks = source.blocks()
    taken: list[AudioBlock] = []

    def take(until_s: float, count: int) -> None:
        clock.now_s = until_s
        taken.extend(next(blocks) for _ in range(count))

    taken.append(next(blocks))
    assert taken[0].start_s == 0.0
    # 1.6 s in, 49 more blocks have come: 10 wait, 39 are lost.
    take(1001.6001, 10)
    assert source.dropped_s == pytest.approx(39 * 0.032)
    take(1001.9201, 10)
    clock.now_s = 1100.0
    rest = list(blocks)
    assert [round(block.start_s / 0.032) for block in taken] == [*range(11), *range(50, 60)]
    assert [block.gap_s for block in taken if block.gap_s] == [pytest.approx(39 * 0.032)]
    assert taken[11].gap_s > 0
    assert [round(block.start_s / 0.032) for block in rest] == [*range(60, 70)]
    assert source.dropped_s == pytest.approx((39 + 30) * 0.032)
    for block in [*taken, *rest]:
        begin = round(block.start_s * 16_000)
        assert np.abs(block.samples - sound[begin : begin + 512]).max() < 1e-4


@pytest.mark.slow
@pytest.mark.skipif(not CONTAINERS.exists(), reason="needs the recordings in ../shared/speech")
def test_real_files_last_as_long_as_the_manifest_says(caplog: pytest.LogCaptureFixture) -> None:
    with (SPEECH / "manifest.tsv").open(newline="") as file:
        rows = [r for r in csv.DictReader(file, delimiter="\t") if "containers/" in r["path"]]
    assert len(rows) > 25
    for row in rows:
        heard = whole(list(fast(SPEECH / row["path"]).blocks()))
        # Raw AAC carries no length: the manifest's is an estimate from the bit rate.
        allowed_s = 0.5 if row["path"].endswith(".aac") else 0.1
        assert len(heard) / 16_000 == pytest.approx(float(row["seconds"]), abs=allowed_s), row
        assert math.sqrt(float(np.mean(heard**2))) > 0.005, row


# Standard input


@pytest.fixture
def pipe() -> Iterator[tuple[StdinSource, int]]:
    """A source on a pipe's end, and the descriptor to write to it, which the test closes."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream:
        yield StdinSource(stream, clock=lambda: 5.0), writing


def pcm(samples: Samples) -> bytes:
    return (samples * 32767).round().astype("<i2").tobytes()


@pytest.mark.parametrize("chunk_bytes", [1, 333, 1024, 16_000])
def test_a_pipe_gives_the_same_blocks_however_it_is_written(
    pipe: tuple[StdinSource, int], chunk_bytes: int
) -> None:
    source, writing = pipe
    sound = sweep(16_000, 0.5)
    content = pcm(sound) + b"\x01"  # half a sample at the end is no sample

    def write() -> None:
        with os.fdopen(writing, "wb", buffering=0) as file:
            for at in range(0, len(content), chunk_bytes):
                file.write(content[at : at + chunk_bytes])

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    blocks = list(source.blocks())
    writer.join(5)
    assert [len(block.samples) for block in blocks] == [512] * 15 + [320]
    assert np.abs(whole(blocks) - sound).max() < 1e-4
    assert source.dropped_s == 0.0


def test_closing_wakes_a_read_that_waits_and_delivers_what_came(
    pipe: tuple[StdinSource, int],
) -> None:
    source, writing = pipe
    os.write(writing, pcm(sweep(16_000, 0.05)))
    blocks = source.blocks()
    first = next(blocks)
    found: list[AudioBlock] = []
    reader = threading.Thread(target=lambda: found.extend(blocks), daemon=True)
    reader.start()
    reader.join(0.1)
    assert reader.is_alive(), "the pipe is open, so the source waits"
    source.close()
    source.close()
    reader.join(5)
    assert not reader.is_alive()
    assert len(first.samples) + sum(len(block.samples) for block in found) == 800
    os.close(writing)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "standard input held no sound"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "standard input is a WAV file"),
    ],
)
def test_a_pipe_without_raw_sound_is_refused(
    pipe: tuple[StdinSource, int], content: bytes, message: str
) -> None:
    source, writing = pipe
    os.write(writing, content)
    os.close(writing)
    with pytest.raises(AudioError, match=message):
        list(source.blocks())


def test_a_terminal_is_refused_with_the_command_to_type() -> None:
    control, terminal = os.openpty()
    with os.fdopen(terminal, "rb", buffering=0) as stream:
        source = StdinSource(stream, clock=lambda: 0.0)
        with pytest.raises(AudioError, match=r"is a terminal: pipe .* ffmpeg -i"):
            source.open()
    os.close(control)


def test_a_redirected_file_is_read_as_a_pipe_is(tmp_path: Path) -> None:
    path = tmp_path / "raw"
    path.write_bytes(pcm(sweep(16_000, 0.1)))
    with path.open("rb") as stream:
        assert len(whole(list(StdinSource(stream, clock=lambda: 0.0).blocks()))) == 1600
