"""Media that are broken or were made to break something; all of it made when it is asked for."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from live_translator.messages import Samples
from tests.audio.sounds import sweep

SECONDS = 0.5
SWEEP = sweep(16_000, SECONDS)
PCM = (SWEEP * 32767).astype("<i2").tobytes()
MOST = 0xFFFF_FFFF
HEADER_BYTES = 44


def wav(
    data: bytes = PCM,
    *,
    rate_hz: int = 16_000,
    channels: int = 1,
    bits: int = 16,
    form: int = 1,
    riff_bytes: int | None = None,
    data_bytes: int | None = None,
    frame_bytes: int | None = None,
) -> bytes:
    """Return a WAV file of which each number can be wrong."""
    block = channels * bits // 8 if frame_bytes is None else frame_bytes
    fields = (16, form, channels, rate_hz, rate_hz * block & MOST, block & 0xFFFF, bits)
    body = b"WAVEfmt " + struct.pack("<IHHIIHH", *fields)
    body += b"data" + struct.pack("<I", len(data) if data_bytes is None else data_bytes) + data
    return b"RIFF" + struct.pack("<I", len(body) if riff_bytes is None else riff_bytes) + body


def tracks(count: int) -> bytes:
    """Return a WAV with the sweep on every one of many channels."""
    table = np.repeat(np.frombuffer(PCM, "<i2").reshape(-1, 1), count, axis=1)
    return wav(table.tobytes(), channels=count)


def floats(samples: NDArray[np.floating], rate_hz: int = 16_000) -> bytes:
    """Return a WAV of floats, 32 or 64 bits."""
    return wav(samples.tobytes(), form=3, bits=8 * samples.itemsize, rate_hz=rate_hz)


def spoilt(rate_hz: int) -> Samples:
    """Return a sweep that has no numbers in four places."""
    samples = sweep(rate_hz, SECONDS)
    samples[rate_hz // 10 :: rate_hz // 10] = [np.nan, np.inf, -np.inf, 3e38]
    return samples


def flac(total_samples: int | None = None) -> bytes:
    """Return a FLAC file, whose header can claim up to 2^36 samples."""
    content = bytearray(encoded("flac", "flac"))
    if total_samples is not None:
        packed = int.from_bytes(content[18:26], "big") & ~((1 << 36) - 1)
        content[18:26] = (packed | total_samples).to_bytes(8, "big")
    return bytes(content)


def encoded(form: str, codec: str, seconds: float = SECONDS) -> bytes:
    """Return the sweep in a container of ffmpeg's."""
    rate_hz = 48_000 if codec == "libopus" else 16_000
    pcm = (sweep(rate_hz, seconds) * 32767).astype("<i2").reshape(1, -1)
    file = io.BytesIO()
    with av.open(file, "w", format=form) as container:
        stream = container.add_stream(codec, rate=rate_hz, layout="mono")
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        frame.sample_rate = rate_hz
        for part in av.AudioResampler(stream.codec_context.format, "mono", rate_hz).resample(frame):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return file.getvalue()


def planes(count_layout: str) -> bytes:
    """Return a WavPack file, which decodes into a plane for each of its channels."""
    layout = av.AudioLayout(count_layout)
    pcm = np.repeat(np.frombuffer(PCM, "<i2"), layout.nb_channels).reshape(1, -1)
    file = io.BytesIO()
    with av.open(file, "w", format="wv") as container:
        stream = container.add_stream("wavpack", rate=16_000, layout=count_layout)
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout=count_layout)
        frame.sample_rate = 16_000
        packing = av.AudioResampler(stream.codec_context.format, layout, 16_000)
        for part in packing.resample(frame):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return file.getvalue()


CONTAINERS = {
    "wav": "pcm_s16le", "w64": "pcm_s16le", "aiff": "pcm_s16be", "au": "pcm_s16be",
    "caf": "pcm_s16be", "avi": "pcm_s16le", "mov": "pcm_s16le", "voc": "pcm_u8",
    "flac": "flac", "wv": "wavpack", "tta": "tta", "mp3": "libmp3lame", "adts": "aac",
    "mp4": "aac", "ipod": "alac", "matroska": "aac", "webm": "libopus", "ogg": "libopus",
    "mpegts": "aac", "flv": "aac", "nut": "pcm_s16le",
}  # fmt: skip
"""Every container that people record to and this ffmpeg writes, with a codec."""


def zipped(content: bytes, *, stored: bool = False) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as z:
        z.writestr("talk.wav", content)
    return file.getvalue()


def tarred(content: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("talk.wav")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


@dataclass(frozen=True)
class Case:
    """A file, and what must come of it."""

    make: Callable[[], bytes]
    seconds: float | None = None
    """Of sound that must be heard, to 0.02 s; None where the file must be refused."""
    says: str = "cannot read"
    """A part of the refusal, as a regular expression."""
    alike: float = 0.0
    """How much like the sweep it must sound, 1 for the same."""


def refused(make: Callable[[], bytes], says: str) -> Case:
    return Case(make, says=says)


def heard(make: Callable[[], bytes], seconds: float = SECONDS, alike: float = 0.0) -> Case:
    return Case(make, seconds, alike=alike)


UNKNOWN = "not an audio file that ffmpeg knows"
DAMAGED = "its sound is damaged"
LONG_ZEROS = 1_000_000


def tagged(tag: bytes, claimed_bytes: int) -> bytes:
    """Return a WAV with a tag before its sound that claims to be so long."""
    info = b"INFOISFT" + struct.pack("<I", claimed_bytes) + tag
    return wav().replace(b"data", b"LIST" + struct.pack("<I", claimed_bytes + 12) + info + b"data")


CASES: dict[str, Case] = {
    **{
        f"a WAV cut after {n} bytes": refused(lambda n=n: wav()[:n], UNKNOWN)  # type: ignore[misc]
        for n in (1, 4, 12, 20, 36, 40, 43)
    },
    "a WAV of a header alone": refused(lambda: wav()[:HEADER_BYTES], "its length is zero"),
    "a WAV with half a sample": refused(lambda: wav()[: HEADER_BYTES + 1], DAMAGED),
    "a RIFF length of 0": heard(lambda: wav(riff_bytes=0), alike=0.99),
    "a RIFF length of 4 GB": heard(lambda: wav(riff_bytes=MOST), alike=0.99),
    "a data length of 0": heard(lambda: wav(data_bytes=0), alike=0.99),
    "a data length of 4 GB": heard(lambda: wav(data_bytes=MOST - 15), alike=0.99),
    "a data length that nobody knew": heard(lambda: wav(data_bytes=MOST), alike=0.99),
    "a data length of half": heard(lambda: wav(data_bytes=len(PCM) // 2), SECONDS / 2),
    "frames of 0 bytes": heard(lambda: wav(frame_bytes=0), alike=0.99),
    "frames of 65535 bytes": heard(lambda: wav(frame_bytes=65535), alike=0.99),
    "0 channels": refused(lambda: wav(channels=0), DAMAGED),
    "65535 channels": refused(lambda: wav(channels=65535, frame_bytes=2), DAMAGED),
    **{
        f"{n} channels": heard(lambda n=n: tracks(n), alike=0.99)  # type: ignore[misc]
        for n in (5, 7, 9, 10, 16, 22, 64, 512)
    },
    "16 channels, in a plane each": heard(lambda: planes("hexadecagonal"), alike=0.99),
    "0 Hz": refused(lambda: wav(rate_hz=0), UNKNOWN),
    "1 Hz": refused(lambda: wav(rate_hz=1), "damaged .1 samples a second"),
    "1 kHz": heard(lambda: wav(rate_hz=1_000), 16 * SECONDS),
    "384 kHz": heard(
        lambda: wav((sweep(384_000, SECONDS) * 32767).astype("<i2").tobytes(), rate_hz=384_000),
        alike=0.99,
    ),
    "2.8 MHz": heard(lambda: wav(rate_hz=2_822_400), SECONDS * 16_000 / 2_822_400),
    "1 GHz": refused(lambda: wav(rate_hz=1 << 30), "damaged .1073741824 samples"),
    "2 GHz": refused(lambda: wav(rate_hz=(1 << 31) - 1), "damaged .2147483647 samples"),
    "0 bits": refused(lambda: wav(bits=0, frame_bytes=2), "no audio track"),
    "65535 bits": refused(lambda: wav(bits=65535, frame_bytes=2), "no audio track"),
    "a codec that nobody has": refused(lambda: wav(form=0xFFFF), "no audio track"),
    "MP3 that is none": refused(lambda: wav(form=0x55), DAMAGED),
    "no numbers, at 16 kHz": heard(lambda: floats(spoilt(16_000)), alike=0.99),
    "no numbers, at 44.1 kHz": heard(lambda: floats(spoilt(44_100), 44_100), alike=0.95),
    "no numbers, in 64 bits": heard(lambda: floats(spoilt(16_000).astype(np.float64)), alike=0.99),
    "nothing that is a number": heard(lambda: floats(np.full(8_000, np.nan, np.float32))),
    "nothing but infinity": heard(lambda: floats(np.full(22_050, np.inf, np.float32), 44_100)),
    "a FLAC that claims 2^36 samples": heard(lambda: flac((1 << 36) - 1), alike=0.99),
    "a FLAC that claims 1 sample": heard(lambda: flac(1), alike=0.99),
    "a tag in Latin-1": heard(lambda: tagged(b"a\xf1o\xff", 4), alike=0.99),
    "a tag that claims 2 GB": refused(lambda: tagged(b"x", (1 << 31) - 16), UNKNOWN),
    "a ZIP archive": refused(lambda: zipped(wav()), UNKNOWN),
    "a ZIP archive that packs nothing": refused(lambda: zipped(wav(), stored=True), UNKNOWN),
    "a ZIP bomb": refused(lambda: zipped(bytes(100 * LONG_ZEROS)), UNKNOWN),
    "a gzip file": refused(lambda: gzip.compress(wav()), UNKNOWN),
    "an xz file": refused(lambda: lzma.compress(wav()), UNKNOWN),
    "a bzip2 file": refused(lambda: bz2.compress(wav()), UNKNOWN),
    "a tarball": refused(lambda: tarred(wav()), UNKNOWN),
    "an archive behind RIFF": refused(lambda: b"RIFF" + zipped(wav()), UNKNOWN),
    "zeros": refused(lambda: bytes(LONG_ZEROS), UNKNOWN),
    "ones": refused(lambda: b"\xff" * LONG_ZEROS, UNKNOWN),
    "noise": refused(lambda: np.random.default_rng(1).bytes(LONG_ZEROS), UNKNOWN),
    "a program": refused(lambda: b"\x7fELF\x02\x01\x01" + bytes(9) + PCM, UNKNOWN),
    "text": refused(lambda: b"To be, or not to be: that is the question.\n" * 999, UNKNOWN),
    "a page": refused(lambda: b"<html><audio src='/etc/passwd'></html>" * 999, UNKNOWN),
    "a playlist of files": refused(
        lambda: b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n", UNKNOWN
    ),
    "a list for ffmpeg's concat": refused(
        lambda: b"ffconcat version 1.0\nfile /etc/hostname\n", UNKNOWN
    ),
}  # fmt: skip


NUMBERS = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f")


def with_wrong_numbers(content: bytes, reach_bytes: int) -> Iterator[bytes]:
    """Yield a file with each place of its head and tail overwritten by hostile numbers."""
    places = sorted(
        {*range(0, min(reach_bytes, len(content)), 2),
         *range(max(0, len(content) - reach_bytes), len(content), 2)}
    )  # fmt: skip
    for at in places:
        for number in NUMBERS:
            yield content[:at] + number + content[at + len(number) :]


def cut(content: bytes, steps: int) -> Iterator[bytes]:
    """Yield ever less of a file."""
    for step in range(1, steps):
        yield content[: len(content) * step // steps]


def shuffled(content: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Yield a file with bits turned, and with pieces left out, doubled and moved."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        spoilt = bytearray(content)
        for at in random.integers(len(spoilt), size=random.integers(1, 40)):
            spoilt[at] ^= 1 << random.integers(8)
        begin, end, to = sorted(int(place) for place in random.integers(len(spoilt), size=3))
        yield bytes(spoilt[:begin] + spoilt[end:to] + spoilt[begin:end] + spoilt[end:])


@dataclass
class Tally:
    """What came of many files."""

    files: int = 0
    heard: int = 0
    refused: int = 0
    slowest_s: float = 0.0
    peak_mb: float = 0.0
    longest_s: float = 0.0
    """Of sound."""
    faults: list[str] = field(default_factory=list)


def write(folder: Path, content: bytes, name: str = "talk.wav") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path
