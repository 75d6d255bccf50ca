"""Opus and Vorbis out of a WebM or Ogg stream, as it arrives; PyAV's adapter here."""

from collections.abc import Callable, Iterator

import numpy as np

from live_translator.audio.resample import Resampler
from live_translator.config import SAMPLE_RATE_HZ
from live_translator.errors import ClientError
from live_translator.messages import Samples
from live_translator.serve.codes import Code

_DEMUXERS = {"webm": "matroska", "ogg": "ogg"}
_CODECS = ("opus", "libopus", "vorbis")
_PROBE_BYTES = 4096
"""Read at most to find the stream: browsers name it in the first few hundred bytes."""


def decoded(read: Callable[[int], bytes], container: str) -> Iterator[Samples]:
    """Yield 16 kHz mono float32 of a stream that `read` gives, b"" at its end.

    `container` is webm or ogg. `read` returns as soon as it has something. Raises
    ClientError for what is no such stream. On one thread.
    """
    import av  # noqa: PLC0415 - heavy, so only where it is used

    try:
        with av.open(
            _Readable(read),
            mode="r",
            format=_DEMUXERS[container],
            buffer_size=_PROBE_BYTES,
            options={
                "protocol_whitelist": "none",
                "probesize": str(_PROBE_BYTES),
                "analyzeduration": "0",
                "fflags": "nobuffer",
            },
        ) as opened:
            streams = opened.streams.audio
            if not streams or streams[0].codec_context.name not in _CODECS:
                raise ClientError(Code.BAD_AUDIO, "the stream has no Opus or Vorbis sound")
            resampler: Resampler | None = None
            for packet in opened.demux(streams[0]):
                for frame in packet.decode():
                    table = np.asarray(frame.to_ndarray(), np.float32).T
                    rate_hz, channels = frame.sample_rate, table.shape[1]
                    if resampler is None:
                        resampler = Resampler(rate_hz, channels, SAMPLE_RATE_HZ)
                    if (rate_hz, channels) != (resampler.in_hz, resampler.channels):
                        raise ClientError(Code.BAD_AUDIO, "the stream changes its format")
                    yield resampler.push(np.ascontiguousarray(table))
            if resampler is not None:
                yield resampler.flush()
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise ClientError(
            Code.BAD_AUDIO, f"the sound cannot be decoded as {container}: send what was agreed on"
        ) from error


class _Readable:
    """What PyAV takes for a file that cannot be sought."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self.read = read
