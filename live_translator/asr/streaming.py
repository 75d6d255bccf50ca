"""The recognising stage: decode the growing utterance at a stride, commit what is safe."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from live_translator.asr.agreement import Hypothesis, LocalAgreement, Unit
from live_translator.asr.guards import is_silence, without_loop
from live_translator.config import SAMPLE_RATE_HZ, AsrConfig
from live_translator.interfaces import Clock, Transcriber, Window
from live_translator.messages import Samples, SpeechChunk, Transcript

_SENTENCE_ENDS = (".", "?", "!", "。", "？", "！", "…")  # noqa: RUF001 - full-width on purpose


class SampleBuffer:
    """Audio that grows at its end and is cut at its beginning, without quadratic copying."""

    def __init__(self) -> None:
        self._data = np.zeros(SAMPLE_RATE_HZ, dtype=np.float32)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, samples: Samples) -> None:
        """Copy samples to the end, doubling the room when there is none."""
        needed = self._length + len(samples)
        if needed > len(self._data):
            grown = np.zeros(max(needed, 2 * len(self._data)), dtype=np.float32)
            grown[: self._length] = self._data[: self._length]
            self._data = grown
        self._data[self._length : needed] = samples
        self._length = needed

    def cut(self, count: int) -> None:
        """Drop the first `count` samples."""
        self._data[: self._length - count] = self._data[count : self._length].copy()
        self._length -= count

    def view(self) -> Samples:
        """Return what is held; valid until the next change."""
        return self._data[: self._length]


@dataclass(slots=True)
class Track:
    """One text growing over an utterance: the transcript, or its translation by Whisper."""

    translate: bool
    forced: list[Unit] = field(default_factory=list)
    """Committed units whose audio is still in the buffer."""
    scrolled_out: str = ""
    """Committed text whose audio is gone."""
    agreement: LocalAgreement = field(default_factory=LocalAgreement)

    def commit(self, hypothesis: Hypothesis, *, everything: bool) -> tuple[list[Unit], str]:
        """Return the newly committed units and the unstable rest."""
        units = hypothesis.units
        count = len(units) if everything else self.agreement.step(units)
        self.forced.extend(units[:count])
        return list(units[:count]), _text(units[count:])


@dataclass(slots=True)
class Utterance:
    """What is known of the utterance being spoken."""

    number: int
    buffer_start_s: float
    tracks: list[Track]
    buffer: SampleBuffer = field(default_factory=SampleBuffer)
    undecoded_samples: int = 0
    end_s: float = 0.0
    captured_at_s: float = 0.0

    def add(self, chunk: SpeechChunk) -> None:
        """Append a chunk's audio and move the clocks."""
        self.buffer.append(chunk.samples)
        self.undecoded_samples += len(chunk.samples)
        self.end_s = chunk.end_s
        self.captured_at_s = chunk.captured_at_s


class RecogniseProcessor:
    """Turns speech chunks into committed words; satisfies `interfaces.Processor`.

    All waiting chunks are taken before decoding again, so that a machine that is behind
    takes larger strides instead of falling further behind. With `coalesce` off every
    stride is decoded, whatever is waiting: then the same audio always gives the same
    commits, and a computation-unaware measurement is exact.
    """

    def __init__(
        self,
        transcriber: Transcriber,
        config: AsrConfig,
        clock: Clock,
        *,
        streaming: bool = True,
        coalesce: bool = True,
        translate: bool = False,
    ) -> None:
        self._transcriber = transcriber
        self._config = config
        self._clock = clock
        self._streaming = streaming
        self._coalesce = coalesce
        self._translate = translate
        self._stride_samples = int(config.stride_s * SAMPLE_RATE_HZ)
        self._utterance: Utterance | None = None

    def process(self, batch: Sequence[SpeechChunk]) -> Iterator[Transcript]:
        """Yield a transcript whenever words were committed or the unstable tail changed."""
        for chunk in batch:
            utterance = self._current(chunk)
            utterance.add(chunk)
            if chunk.final:
                yield self._recognise(utterance, final=True)
                self._utterance = None
            elif not self._coalesce and self._is_due(utterance):
                yield self._recognise(utterance, final=False)
        if self._utterance is not None and self._is_due(self._utterance):
            yield self._recognise(self._utterance, final=False)

    def finish(self) -> Iterable[Transcript]:
        """Commit what an utterance without an end had."""
        if self._utterance is not None:
            yield self._recognise(self._utterance, final=True)
            self._utterance = None

    def close(self) -> None:
        """Nothing to release: the model is shared."""

    def _current(self, chunk: SpeechChunk) -> Utterance:
        if self._utterance is None:
            tracks = [Track(translate=False)]
            if self._translate:
                tracks.append(Track(translate=True))
            self._utterance = Utterance(chunk.utterance, chunk.start_s, tracks)
        return self._utterance

    def _is_due(self, utterance: Utterance) -> bool:
        return self._streaming and utterance.undecoded_samples >= self._stride_samples

    def _recognise(self, utterance: Utterance, *, final: bool) -> Transcript:
        utterance.undecoded_samples = 0
        start_s = utterance.buffer_start_s
        window = self._transcriber.listen(utterance.buffer.view())
        source, *others = (
            track.commit(self._decode(window, track), everything=final)
            for track in utterance.tracks
        )
        committed, unstable = source
        if committed:
            speech_start_s = start_s + committed[0].start_s
            speech_end_s = start_s + committed[-1].end_s
        else:
            speech_start_s = speech_end_s = utterance.end_s
        if not self._translate and not final:
            self._trim(utterance)
        return Transcript(
            utterance=utterance.number,
            start_s=speech_start_s,
            end_s=utterance.end_s,
            captured_at_s=utterance.captured_at_s,
            emitted_at_s=self._clock(),
            final=final,
            committed=_text(committed),
            unstable=unstable,
            speech_end_s=speech_end_s,
            translated=_text(others[0][0]) if others else "",
        )

    def _decode(self, window: Window, track: Track) -> Hypothesis:
        config = self._config
        hypothesis = window.decode(
            prefix=track.forced,
            prompt=" ".join(track.scrolled_out.split()[-config.prompt_words :])
            if config.prompt_words
            else "",
            translate=track.translate,
            beam_size=config.beam_size if self._streaming else config.complete_beam_size,
        )
        imagined = is_silence(
            hypothesis,
            no_speech_threshold=config.no_speech_threshold,
            min_logprob=config.min_logprob,
        )
        if imagined and not track.forced:
            return Hypothesis(units=())
        kept = without_loop([*track.forced, *hypothesis.units])
        return Hypothesis(units=kept[len(track.forced) :])

    def _trim(self, utterance: Utterance) -> None:
        """Cut the buffer behind committed text, so that a decode costs the same all along."""
        seconds = len(utterance.buffer) / SAMPLE_RATE_HZ
        track = utterance.tracks[0]
        if seconds <= self._config.trim_after_s:
            return
        ends = [
            index
            for index, unit in enumerate(track.forced)
            if unit.text.strip().endswith(_SENTENCE_ENDS)
        ]
        if ends:
            keep_from = ends[-1] + 1
        elif seconds > self._config.max_buffer_s and track.forced:
            keep_from = len(track.forced)
        else:
            return
        cut_s = track.forced[keep_from - 1].end_s
        cut_samples = min(int(cut_s * SAMPLE_RATE_HZ), len(utterance.buffer))
        if cut_samples == 0:
            return
        cut_s = cut_samples / SAMPLE_RATE_HZ
        track.scrolled_out += _text(track.forced[:keep_from])
        track.forced = [
            Unit(unit.text, unit.tokens, unit.start_s - cut_s, unit.end_s - cut_s)
            for unit in track.forced[keep_from:]
        ]
        utterance.buffer.cut(cut_samples)
        utterance.buffer_start_s += cut_s


def _text(units: Sequence[Unit]) -> str:
    return "".join(unit.text for unit in units)
