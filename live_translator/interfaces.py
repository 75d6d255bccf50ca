"""The Protocols between the core and its adapters; each is as small as its caller needs."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from live_translator.asr.agreement import Hypothesis, Unit
from live_translator.messages import AudioBlock, Playback, Samples, Transcript, Translation

In_contra = TypeVar("In_contra", contravariant=True)
Out_co = TypeVar("Out_co", covariant=True)


class Clock(Protocol):
    """Monotonic seconds; `time.monotonic` in the program, a counter in tests."""

    def __call__(self) -> float:
        """Return seconds since some fixed moment; never goes back."""


class AudioSource(Protocol):
    """Audio at 16 kHz mono float32, in blocks, in order."""

    @property
    def dropped_s(self) -> float:
        """Seconds of audio lost so far because the pipeline did not take them in time."""

    @property
    def origin_s(self) -> float | None:
        """Monotonic clock, when the first sample was heard; None before that."""

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield blocks until the source ends or is closed; the capture thread iterates."""

    def close(self) -> None:
        """End `blocks` soon, from any thread; what was captured is still delivered."""


class OpenableSource(AudioSource, Protocol):
    """A source as a run takes it."""

    def open(self) -> None:
        """Check that sound can come; called before threads start. Raises AudioError."""


class VoiceDetector(Protocol):
    """Says how likely a frame is speech; keeps state from frame to frame."""

    frame_samples: int

    def probability(self, frame: Samples) -> float:
        """Return P(speech) in [0, 1] of one frame of exactly `frame_samples` at 16 kHz."""


class Transcriber(Protocol):
    """Hears one window of an utterance; called by the ASR thread alone."""

    def listen(self, samples: Samples) -> "Window":
        """Encode at most 28 s of audio, once for any number of decodings."""


class Window(Protocol):
    """Audio that a transcriber has encoded."""

    def decode(
        self,
        *,
        prefix: Sequence[Unit] = (),
        prompt: str = "",
        translate: bool = False,
        beam_size: int = 1,
    ) -> Hypothesis:
        """Return what follows `prefix`, which is forced; `prompt` is text that came before.

        With `translate` the text is English, whatever was spoken.
        """


class Translator(Protocol):
    """Translates text of one language pair; called by the MT thread alone."""

    @property
    def name(self) -> str:
        """The engine's name, for reports."""

    @property
    def forces_prefix(self) -> bool:
        """Whether `prefix` is honoured word for word."""

    def translate(self, source: str, *, prefix: str = "") -> str:
        """Return the whole translation of `source`, beginning with `prefix` where forced.

        Raises SegmentError when this one text cannot be translated, and of those EngineError
        when the engine failed.
        """

    def close(self) -> None:
        """Release what the engine holds (processes, handles)."""


class Synthesizer(Protocol):
    """Turns one clause into speech; called by the TTS thread alone."""

    name: str
    sample_rate_hz: int

    def synthesize(self, text: str, *, speed: float = 1.0) -> Samples:
        """Return the clause as mono float32, without silence at its ends.

        Raises SegmentError when this one text cannot be spoken, and of those EngineError
        when the engine failed.
        """

    def close(self) -> None:
        """Release what the engine holds."""


class Turns(Protocol):
    """Whose call of an engine is next, where runs share the engines."""

    def __call__(self, stage: str, /) -> AbstractContextManager[None]:
        """Return what is entered for a call on behalf of a stage, and waits for its turn."""


class AudioSink(Protocol):
    """Where speech goes: a sound card, a file, or nowhere; used by the TTS thread."""

    def play(self, samples: Samples, *, not_before_s: float) -> tuple[float, float]:
        """Queue samples behind what is queued; return when they start and end to sound.

        Times are on the source clock; `not_before_s` is the earliest start. May block
        while more than the sink's buffer is waiting. Raises OutputError or DeviceError.
        """

    def queued_until_s(self) -> float:
        """Source clock, when everything queued so far will have sounded."""

    def hush(self) -> None:
        """Let what is queued not sound any more, where it can still be taken back."""

    def close(self, *, drain: bool) -> None:
        """Finish; with `drain` wait until all that is queued has sounded."""


class Processor(Protocol[In_contra, Out_co]):
    """The work of one stage, free of threads and channels.

    `process` gets everything that was waiting (at least one message), so that a stage
    that fell behind can take a larger step instead of growing the delay.
    """

    def process(self, batch: Sequence[In_contra]) -> Iterable[Out_co]:
        """Yield what follows from the batch."""

    def finish(self) -> Iterable[Out_co]:
        """Yield what is left once the input has ended."""

    def close(self) -> None:
        """Release resources; called once on the stage's thread, also after a failure."""


class Listener(Protocol):
    """Someone who watches the pipeline: captions, files, metrics. Must not block.

    Each method is called on the thread of the stage that it is named after.
    """

    def on_transcript(self, message: Transcript) -> None:
        """The recogniser committed words or changed its unstable tail."""

    def on_translation(self, message: Translation) -> None:
        """A segment was committed."""

    def on_playback(self, message: Playback) -> None:
        """A piece of speech was queued and knows when it sounds."""

    def close(self) -> None:
        """The run is over, well or not: complete and close what is open."""
