"""Files that are broken or hostile: refused in one sentence, or heard as far as they go."""

import errno
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from live_translator.audio.sources import FileSource, StdinSource
from live_translator.errors import AudioError
from live_translator.messages import Samples
from tests.audio.sounds import place_of
from tests.conftest import ROOT
from tests.hostile.media import (
    CASES,
    CONTAINERS,
    HEADER_BYTES,
    PCM,
    SWEEP,
    Case,
    Tally,
    wav,
    write,
)
from tests.hostile.peak import peak_kb

MOST_MB = 300
"""By which listening to one file may swell a process; ffmpeg itself is 30 of them."""
NAMES = (
    "-x.wav", "--input.wav", "a\nb.wav", "\x1b[31mred\x1b]0;title\x07.wav", "\u202ebackwards.wav",
    "a" * 251 + ".wav", "%s%n.wav", "$(touch x).wav", "pipe:0", "concat:a|b", "http:x.wav", " ",
)  # fmt: skip


def source(path: Path) -> FileSource:
    return FileSource(path, clock=time.monotonic, realtime=False, buffer_s=30.0)


def listen(path: Path) -> Samples:
    return np.concatenate([block.samples for block in source(path).blocks()])


def refusal(path: Path) -> str:
    """Return the sentence with which a file is refused before the talk begins."""
    with pytest.raises(AudioError) as raised:
        source(path).open()
    said = str(raised.value)
    assert said.isprintable()
    assert len(said) < 1500
    return said


@pytest.fixture(autouse=True)
def memory_stays_bounded() -> Iterator[None]:
    before = peak_kb()
    yield
    assert peak_kb() - before < MOST_MB << 10


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_file_is_heard_as_far_as_it_goes_or_refused_in_a_sentence(
    case: Case, tmp_path: Path
) -> None:
    path = write(tmp_path, case.make())
    if case.seconds is None:
        assert re.search(case.says, refusal(path))
        return
    samples = listen(path)
    assert len(samples) / 16_000 == pytest.approx(case.seconds, abs=0.02)
    assert np.abs(samples).max() <= 1.0
    if case.alike:
        assert place_of(SWEEP, samples)[1] > case.alike


@pytest.mark.slow
@pytest.mark.parametrize("container", CONTAINERS)
def test_a_thousand_broken_files_of_a_container_end_well(container: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.listener", container, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    tally = Tally(**json.loads(done.stdout))
    assert tally.files > 1000
    assert tally.faults == []
    assert tally.slowest_s < 10
    assert tally.peak_mb < MOST_MB


# Names and places


@pytest.mark.parametrize("name", NAMES)
def test_a_file_may_have_any_name_and_errors_show_it_on_one_line(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "there is no such file" in refusal(Path(name))
    Path(name).write_bytes(wav())
    assert len(listen(Path(name))) == len(SWEEP)


def test_a_name_that_is_no_text_works(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.wav")
    assert "caf\\udce9.wav" in refusal(path)
    path.write_bytes(wav())
    assert len(listen(path)) == len(SWEEP)


def looped(path: Path) -> None:
    path.symlink_to(path.with_name("back"))
    path.with_name("back").symlink_to(path)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (looped, "Too many levels of symbolic links"),
        (lambda path: path.symlink_to("nowhere"), "there is no such file"),
        (Path.mkdir, "it is a folder"),
        (lambda path: path.symlink_to("/dev/zero"), "it is a device"),
        (lambda path: path.symlink_to("/dev/urandom"), "it is a device"),
        (lambda path: path.symlink_to("/dev/null"), "it is a device"),
        (lambda path: path.symlink_to("/proc/self/mem"), "it is an? |ffmpeg|damaged|empty"),
    ],
)
def test_what_is_no_file_is_refused(
    make: Callable[[Path], None], says: str, tmp_path: Path
) -> None:
    make(tmp_path / "talk.wav")
    assert re.search(says, refusal(tmp_path / "talk.wav"))


def test_a_name_longer_than_any_is_refused(tmp_path: Path) -> None:
    assert os.strerror(errno.ENAMETOOLONG) in refusal(tmp_path / ("a" * 300))


def test_a_file_that_may_not_be_read_says_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, wav(), "a b.wav")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file")
    assert f"chmod +r '{path}'" in refusal(path)


# Files that change while they are read


def test_a_pipe_with_a_name_is_heard_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "talk.fifo"
    os.mkfifo(path)
    heard: list[Samples] = []
    reader = threading.Thread(target=lambda: heard.append(listen(path)), daemon=True)
    reader.start()
    with path.open("wb", buffering=0) as writer:
        content = wav(data_bytes=0xFFFF_FFFF)
        for at in range(0, len(content), 1000):
            writer.write(content[at : at + 1000])
    reader.join(10)
    assert not reader.is_alive()
    assert np.abs(heard[0] - SWEEP).max() < 1e-3


@pytest.mark.parametrize("claims", [None, 0xFFFF_FFFF])
def test_a_file_that_shrinks_is_heard_as_far_as_it_goes(claims: int | None, tmp_path: Path) -> None:
    path = write(tmp_path, wav(PCM * 20, data_bytes=claims))
    blocks = source(path).blocks()
    taken = len(next(blocks).samples)
    os.truncate(path, HEADER_BYTES + len(PCM))
    rest = sum(len(block.samples) for block in blocks)
    assert len(SWEEP) <= taken + rest < 20 * len(SWEEP)


def test_a_file_that_grows_is_heard_to_its_end(tmp_path: Path) -> None:
    path = write(tmp_path, wav(PCM, data_bytes=0xFFFF_FFFF))
    heard = 0
    with path.open("ab", buffering=0) as writer:
        for count, block in enumerate(source(path).blocks()):
            heard += len(block.samples)
            if count < 100:
                writer.write(PCM[: 2 * len(block.samples)])
    assert heard == len(SWEEP) + sum([512] * 100)


# Length


LONG_S = 10 * 3600
LISTEN_TO_ALL = """
import resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
from live_translator.audio.sources import FileSource
from tests.hostile.peak import peak_kb
source = FileSource(Path(sys.argv[1]), clock=time.monotonic, realtime=False, buffer_s=30.0)
samples = sum(len(block.samples) for block in source.blocks())
print(samples, peak_kb())
"""


@pytest.mark.slow
def test_ten_hours_of_silence_take_no_more_memory_than_a_minute(tmp_path: Path) -> None:
    peaks = []
    for seconds in (60, LONG_S):
        data_bytes = 2 * 16_000 * seconds
        path = write(tmp_path, wav(b"", data_bytes=data_bytes))
        os.truncate(path, HEADER_BYTES + data_bytes)  # The file has holes, and takes no disk.
        done = subprocess.run(
            [sys.executable, "-c", LISTEN_TO_ALL, str(path)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=250,
            check=True,
        )
        samples, peak_kb = map(int, done.stdout.split())
        assert samples == 16_000 * seconds
        peaks.append(peak_kb)
    assert peaks[1] - peaks[0] < 10 << 10


# Standard input


@pytest.mark.parametrize(
    "content", [b"\0", b"\xff" * 3, bytes(range(256)) * 100, b"\x00\x80" * 999, b"\xff\x7f" * 999]
)
def test_any_bytes_on_a_pipe_are_samples(content: bytes) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream:
        os.write(writing, content)
        os.close(writing)
        blocks = list(StdinSource(stream, clock=time.monotonic).blocks())
    samples = np.concatenate([np.zeros(0, np.float32), *(block.samples for block in blocks)])
    assert len(samples) == len(content) // 2
    assert (np.abs(samples) <= 1.0).all()
