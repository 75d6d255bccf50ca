"""The recognising stage: decode the growing utterance at a stride, commit what is safe."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from live_translator.asr.agreement import Hypothesis, Unit
from live_translator.asr.guards import is_lost, is_silence, without_echo, without_imagined
from live_translator.asr.names import NameHearer, Sighting, SpellingWindow
from live_translator.asr.policy import CommitPolicy, make_policy, whole_words
from live_translator.config import SAMPLE_RATE_HZ, AsrConfig
from live_translator.direction import Direction
from live_translator.errors import SegmentError
from live_translator.interfaces import Clock, Transcriber
from live_translator.messages import Samples, SpeechChunk, Transcript

log = logging.getLogger(__name__)

_SENTENCE_ENDS = (".", "?", "!", "。", "？", "！", "…")  # noqa: RUF001 - full-width on purpose

_REMEMBERED_WORDS = 224
"""More than any prompt takes: the decoder's prompt is limited to as many tokens."""
_ECHO_WORDS, _ECHO_WORDS_AFTER_CUT = 4, 2
"""Words of what was just said that, said again, nobody meant: fewer where the buffer holds
no word of it any more, only perhaps the end of its sound."""


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
    policy: CommitPolicy
    forced: list[Unit] = field(default_factory=list)
    """Committed units whose audio is still in the buffer, up to the last word."""
    is_marked: bool = False
    """A mark is committed after the last word. The decoder is not held to it: forced to
    take a pause for the end of a sentence, it hears the next words worse."""
    scrolled_out: str = ""
    """Committed text whose audio is gone, as the decoder is told it."""
    said: str = ""
    """The last words of all that was committed."""

    def commit(
        self, hypothesis: Hypothesis, *, audio_s: float, everything: bool
    ) -> tuple[list[Unit], str]:
        """Return the newly committed units and the unstable rest."""
        known = _leading_marks(hypothesis.units) if self.is_marked else 0
        units = hypothesis.units[known:]
        count = len(units)
        if not everything:
            count = whole_words(units, self.policy.step(units, audio_s))
        committed = units[:count]
        if committed:
            last_marks = _leading_marks(committed[::-1])
            if last_marks < count:
                self.forced.extend(hypothesis.units[: known + count - last_marks])
            self.is_marked = last_marks > 0
        self.said = _last_words(self.said + _text(committed), _REMEMBERED_WORDS)
        return list(committed), _text(units[count:])


@dataclass(slots=True)
class Hearing:
    """The audio that is decoded, and the texts that grow over it.

    It goes on from utterance to utterance: the last seconds of one, with their words
    forced, are the context in which the next one's first words are recognised.
    """

    buffer_start_s: float
    tracks: list[Track]
    buffer: SampleBuffer = field(default_factory=SampleBuffer)
    utterance: int = 0
    utterance_start_s: float = 0.0
    """Where in the buffer the present utterance begins."""
    undecoded_samples: int = 0
    sightings: list[Sighting] = field(default_factory=list)
    """Names that were put into the last hypothesis."""
    end_s: float = 0.0
    captured_at_s: float = 0.0
    direction: Direction | None = None

    @property
    def transcript(self) -> Track:
        """The track in the speaker's language."""
        return self.tracks[0]

    @property
    def seconds(self) -> float:
        """How much audio is held."""
        return len(self.buffer) / SAMPLE_RATE_HZ

    def add(self, chunk: SpeechChunk) -> None:
        """Append a chunk's audio and move the clocks."""
        self.buffer.append(chunk.samples)
        self.utterance = chunk.utterance
        self.undecoded_samples += len(chunk.samples)
        self.end_s = chunk.end_s
        self.captured_at_s = chunk.captured_at_s
        self.direction = chunk.direction

    def add_pause(self, seconds: float) -> None:
        """Append the silence between two utterances."""
        self.buffer.append(np.zeros(int(seconds * SAMPLE_RATE_HZ), dtype=np.float32))
        self.utterance_start_s = self.seconds

    def cut(self, units: int) -> None:
        """Let the first committed units of the transcript and their audio scroll out.

        The cut falls in the middle between the last word that goes and what follows it.
        """
        track = self.transcript
        if units == 0:
            return
        after = track.forced[units:]
        end_s = track.forced[units - 1].end_s
        cut_s = (end_s + after[0].start_s) / 2 if after else end_s
        cut_samples = min(round(cut_s * SAMPLE_RATE_HZ), len(self.buffer))
        cut_s = cut_samples / SAMPLE_RATE_HZ
        track.scrolled_out = _last_words(
            track.scrolled_out + _text(track.forced[:units]), _REMEMBERED_WORDS
        )
        track.forced = [
            replace(unit, start_s=unit.start_s - cut_s, end_s=unit.end_s - cut_s) for unit in after
        ]
        self.buffer.cut(cut_samples)
        self.buffer_start_s += cut_s
        self.utterance_start_s -= cut_s

    def let_go(self) -> None:
        """Forget the context, sound and text: the decoder has lost its way in it."""
        self.cut(len(self.transcript.forced))
        self.transcript.scrolled_out = ""


class RecogniseProcessor:
    """Turns speech chunks into committed words; satisfies `interfaces.Processor`.

    The utterance is decoded after each stride of new audio. Of the decodes that wait only
    the last is made, so that a machine that is behind takes larger strides instead of
    falling further behind, and one that keeps up always commits the same. With `coalesce`
    off every one is made: then the same audio gives the same commits on any machine.
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
        names: NameHearer | None = None,
    ) -> None:
        self._transcriber = transcriber
        self._config = config
        self._clock = clock
        self._streaming = streaming
        self._coalesce = coalesce
        self._translate = translate
        self._names = names
        self.skipped = 0
        """Utterances whose end could not be recognised."""
        self._stride_samples = int(config.stride_s * SAMPLE_RATE_HZ)
        self._hearing: Hearing | None = None
        self._in_utterance = False

    def process(self, batch: Sequence[SpeechChunk]) -> Iterator[Transcript]:
        """Yield a transcript whenever words were committed or the unstable tail changed."""
        for index, chunk in enumerate(batch):
            hearing = self._begun(chunk)
            hearing.add(chunk)
            if chunk.final:
                yield self._end(hearing)
            elif self._streaming and hearing.undecoded_samples >= self._stride_samples:
                if self._coalesce and self._is_overtaken(batch[index + 1 :]):
                    hearing.undecoded_samples = 0
                else:
                    yield from self._advance(hearing)

    def finish(self) -> Iterable[Transcript]:
        """Commit what an utterance without an end had."""
        if self._hearing is not None and self._in_utterance:
            yield self._end(self._hearing)

    def close(self) -> None:
        """Nothing to release: the model is shared."""

    def _begun(self, chunk: SpeechChunk) -> Hearing:
        """Return the hearing that a chunk belongs to, begun anew or carried on."""
        if self._hearing is not None and self._in_utterance:
            return self._hearing
        self._in_utterance = True
        before = self._hearing
        if before is not None:
            gap_s = max(0.0, chunk.start_s - before.end_s)
            if gap_s <= self._config.max_context_gap_s:
                before.add_pause(gap_s)
                before.buffer_start_s = chunk.start_s - before.seconds
                return before
        tasks = (False, True) if self._translate else (False,)
        self._hearing = Hearing(
            chunk.start_s, [Track(task, make_policy(self._config)) for task in tasks]
        )
        return self._hearing

    def _is_overtaken(self, waiting: Sequence[SpeechChunk]) -> bool:
        """Whether a later decode is due already in the chunks that wait."""
        samples = sum(len(chunk.samples) for chunk in waiting)
        return samples >= self._stride_samples or any(chunk.final for chunk in waiting)

    def _advance(self, hearing: Hearing) -> Iterator[Transcript]:
        """Recognise what there is of the utterance; where that fails, the next stride does."""
        try:
            transcript = self._recognise(hearing, final=False)
        except SegmentError as error:
            log.warning("nothing was recognised for %.1f s: %s", self._config.stride_s, error)
            return
        yield transcript

    def _end(self, hearing: Hearing) -> Transcript:
        """Recognise the rest of the utterance; where that fails, it ends without."""
        self._in_utterance = False
        try:
            transcript = self._recognise(hearing, final=True)
        except SegmentError as error:
            self.skipped += 1
            log.warning("the end of an utterance was not recognised: %s", error)
            self._hearing = None
            return self._transcript(hearing, final=True)
        self._keep_context(hearing)
        return transcript

    def _recognise(self, hearing: Hearing, *, final: bool) -> Transcript:
        hearing.undecoded_samples = 0
        hypotheses = self._hypotheses(hearing, final=final)
        if self._is_misled(hearing, hypotheses[0]):
            hearing.let_go()
            hypotheses = self._hypotheses(hearing, final=final)
        (committed, unstable), *others = (
            track.commit(self._sane(hypothesis, track), audio_s=hearing.seconds, everything=final)
            for track, hypothesis in zip(hearing.tracks, hypotheses, strict=True)
        )
        transcript = self._transcript(
            hearing,
            final=final,
            committed=committed,
            unstable=unstable,
            translated=_text(others[0][0]) if others else "",
        )
        if not final:
            self._trim(hearing)
        return transcript

    def _transcript(
        self,
        hearing: Hearing,
        *,
        final: bool,
        committed: Sequence[Unit] = (),
        unstable: str = "",
        translated: str = "",
    ) -> Transcript:
        start_s = speech_end_s = hearing.end_s
        if committed:
            start_s = hearing.buffer_start_s + committed[0].start_s
            speech_end_s = hearing.buffer_start_s + committed[-1].end_s
        return Transcript(
            utterance=hearing.utterance,
            start_s=start_s,
            end_s=hearing.end_s,
            captured_at_s=hearing.captured_at_s,
            emitted_at_s=self._clock(),
            final=final,
            direction=hearing.direction,
            committed=_text(committed),
            unstable=unstable,
            speech_end_s=speech_end_s,
            translated=translated,
        )

    def _is_misled(self, hearing: Hearing, hypothesis: Hypothesis) -> bool:
        """Whether the decoder had better forget the context: it loops in it, or is deaf."""
        track = hearing.transcript
        if self._translate or not (track.forced or track.scrolled_out):
            return False
        words = [unit for unit in (*track.forced, *hypothesis.units) if not unit.is_punctuation]
        heard_s = words[-1].end_s if words else 0.0
        unheard_s = hearing.seconds - max(heard_s, hearing.utterance_start_s)
        return unheard_s > self._config.max_unheard_s or is_lost(hypothesis.units, track.forced)

    def _hypotheses(self, hearing: Hearing, *, final: bool) -> list[Hypothesis]:
        """Return what each track's text goes on with, as the model says it."""
        window = self._transcriber.listen(hearing.buffer.view())
        hypotheses = [
            window.decode(
                prefix=track.forced,
                prompt=_last_words(track.scrolled_out, self._config.prompt_words),
                translate=track.translate,
                beam_size=self._beam_size(final=final),
            )
            for track in hearing.tracks
        ]
        if self._names is not None and isinstance(window, SpellingWindow):
            forced = hearing.transcript.forced
            hypotheses[0], hearing.sightings = self._names.corrected(
                hypotheses[0],
                window,
                forced,
                start_s=hearing.buffer_start_s,
                sightings=hearing.sightings,
            )
        return hypotheses

    def _sane(self, hypothesis: Hypothesis, track: Track) -> Hypothesis:
        """Return a hypothesis without what nobody said."""
        imagined = is_silence(
            hypothesis,
            no_speech_threshold=self._config.no_speech_threshold,
            min_logprob=self._config.min_logprob,
        )
        if imagined and not track.forced:
            return Hypothesis(units=())
        units = without_imagined(hypothesis.units, track.forced)
        least_words = _ECHO_WORDS if track.forced else _ECHO_WORDS_AFTER_CUT
        return Hypothesis(units=without_echo(track.said.split(), units, least_words=least_words))

    def _beam_size(self, *, final: bool) -> int:
        if not self._streaming:
            return self._config.complete_beam_size
        return self._config.final_beam_size if final else self._config.beam_size

    def _trim(self, hearing: Hearing) -> None:
        """Cut the buffer behind committed text, so that a decode costs the same all along.

        It is cut between two committed words, so that what follows is anchored: behind a
        sentence or, when the buffer is far too long, behind any word; and never so late
        that the words to come would lose the sound of those before them.
        """
        config, forced = self._config, hearing.transcript.forced
        if self._translate or hearing.seconds <= config.trim_after_s:
            return
        too_long = hearing.seconds > config.max_buffer_s
        keep_from_s = hearing.seconds - config.kept_s
        places = [
            count
            for count in range(1, len(forced))
            if forced[count].start_s <= keep_from_s
            and (too_long or forced[count - 1].text.strip().endswith(_SENTENCE_ENDS))
        ]
        hearing.cut(places[-1] if places else 0)

    def _keep_context(self, hearing: Hearing) -> None:
        """After an utterance, keep only so much of it as helps with the next one."""
        for track in hearing.tracks:
            track.policy.reset()
        forced = hearing.transcript.forced
        goes = [unit for unit in forced if hearing.seconds - unit.start_s > self._config.context_s]
        if self._translate or len(goes) == len(forced):
            self._hearing = None
        else:
            hearing.cut(len(goes))


def _text(units: Sequence[Unit]) -> str:
    return "".join(unit.text for unit in units)


def _leading_marks(units: Sequence[Unit]) -> int:
    return next((n for n, unit in enumerate(units) if not unit.is_punctuation), len(units))


def _last_words(text: str, count: int) -> str:
    return " ".join(text.split()[-count:]) if count else ""
