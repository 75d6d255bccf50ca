"""The last stage: committed words become speech, a clause at a time, on the timeline."""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from live_translator.config import TtsConfig
from live_translator.errors import SegmentError
from live_translator.interfaces import AudioSink, Synthesizer
from live_translator.languages import Language
from live_translator.messages import Playback, Samples, Translation
from live_translator.quoted import Quoted
from live_translator.timeline import Timeline
from live_translator.tts.catchup import make_catch_up
from live_translator.tts.clauses import ClauseCutter, ends_clause, ends_sentence
from live_translator.tts.edges import fade_in, fade_out, fade_samples, join
from live_translator.tts.stretch import stretch

_log = logging.getLogger(__name__)

_LETTER_S = 0.06
"""A letter's share of the time until the voice has spoken; Kokoro's in Spanish, measured."""
_LEARNING = 0.2
"""Weight of the newest piece in what is believed of the voice."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that waits to be spoken, and the message it came with."""

    text: str
    message: Translation


class SpeakProcessor:
    """Cuts clauses, synthesises them and queues them at the sink.

    Yields a Playback for each segment's part of a clause, its share of the clause's time
    by its share of the characters, and one without length for words that are left out. With
    `streaming` off only whole sentences are spoken. Without a synthesiser nothing is, nor
    while `muted` says so. A clause that cannot be spoken is logged, counted in `skipped` and
    left out. In real time it speaks what is waiting together; at full pace message by
    message, so that the result does not depend on the machine. Raises what the sink raises.
    """

    def __init__(
        self,
        synthesizer: Synthesizer | None,
        sink: AudioSink,
        config: TtsConfig,
        timeline: Timeline,
        *,
        streaming: bool = True,
        language: Language | None = None,
        muted: Callable[[], bool] = lambda: False,
    ) -> None:
        self.skipped = 0
        self._synthesizer = synthesizer
        self._sink = sink
        self._config = config
        self._timeline = timeline
        self._muted = muted
        self._cutter = ClauseCutter(
            language.code if language else "",
            first_clause_words=config.first_clause_words,
            clause_words=config.clause_words,
            max_clause_words=config.max_clause_words,
            sentences_only=not streaming,
        )
        self._catch_up = make_catch_up(config, streaming=streaming)
        self._letter_s = _LETTER_S
        self._words: deque[_Word] = deque()
        """The same words as wait in the cutter, in the same order."""
        self._spoken_until_s = 0.0
        self._pause_s = 0.0
        """Wanted between what was spoken last and what comes next."""
        self._tail: Samples = np.zeros(0, np.float32)
        """The last samples of the last piece while it may yet pass into the next."""

    def process(self, batch: Sequence[Translation]) -> Iterator[Playback]:
        """Speak what the batch completes."""
        if self._synthesizer is None:
            return
        for index, message in enumerate(batch):
            if self._words and self._words[-1].message.utterance != message.utterance:
                yield from self._speak(self._words[-1].message.end_s, ending=True)
            self._words.extend(_Word(word, message) for word in self._cutter.push(message.target))
            last = index == len(batch) - 1
            if message.final or last or not self._timeline.realtime:
                yield from self._speak(message.end_s, ending=message.final)

    def finish(self) -> Iterator[Playback]:
        """Speak what is left, and wait until all of it has sounded."""
        if self._words:
            yield from self._speak(self._words[-1].message.end_s, ending=True)
        self._sink.close(drain=True)

    def close(self) -> None:
        """Nothing to release: the voice is its loader's to close."""

    def _speak(self, end_s: float, *, ending: bool) -> Iterator[Playback]:
        """Speak every piece that is ready; all that waits, if the utterance is ending."""
        while piece := self._cutter.take(starving=self._starving(end_s), ending=ending):
            if not self._sounds_until_said(piece, end_s):
                self._play_tail()
            yield from self._say([self._words.popleft() for _ in piece], end_s)
        self._play_tail()

    def _sounds_until_said(self, piece: Sequence[str], end_s: float) -> bool:
        """Whether what is queued lasts until a piece is synthesised.

        A voice that keeps up at all takes no longer to say a piece than the piece lasts.
        """
        expected_s = sum(map(len, piece)) * self._letter_s
        return not self._timeline.realtime or self._queued_s(end_s) > expected_s

    def _starving(self, end_s: float) -> bool:
        return self._queued_s(end_s) <= self._config.starving_s

    def _queued_s(self, end_s: float) -> float:
        """Return how much is left to play."""
        return self._until_s() - self._timeline.at(end_s)

    def _say(self, words: Sequence[_Word], end_s: float) -> Iterator[Playback]:
        text = " ".join(word.text for word in words)
        if self._synthesizer is None:
            return
        if self._muted():
            yield from self._unspoken(words, "muted")
            return
        if not any(character.isalnum() for character in text):
            yield from self._unspoken(words, "without sound")  # Such as a dash on its own.
            return
        said_s = words[-1].message.end_s
        rate_hz = self._synthesizer.sample_rate_hz
        expected_s = len(text) * self._letter_s
        voice_speed = self._catch_up.voice_speed(self._free_s(end_s) + expected_s - said_s)
        try:
            samples = self._synthesizer.synthesize(text, speed=voice_speed)
        except SegmentError as error:
            self.skipped += 1
            _log.warning("not spoken: %s (%s)", Quoted(text), error)
            yield from self._unspoken(words, "the voice failed")
            return
        duration_s = len(samples) / rate_hz
        self._letter_s += _LEARNING * (duration_s / len(text) - self._letter_s)
        # Asked again, since the synthesis took time.
        free_s = self._free_s(end_s)
        breath_s = max(0.0, self._spoken_until_s + self._pause_s - free_s)
        breath_s = self._catch_up.pause_s(breath_s, free_s + duration_s - said_s)
        hurry = self._catch_up.stretch(free_s + breath_s - said_s, duration_s)
        start_s, stop_s = self._play(
            stretch(samples, rate_hz, hurry),
            rate_hz,
            # Without a breath the sink itself knows best where the last piece ends.
            not_before_s=free_s + breath_s if breath_s else self._timeline.at(end_s),
            touches=free_s + breath_s <= self._spoken_until_s,
        )
        self._spoken_until_s = stop_s
        self._pause_s = self._pause_after(words[-1])
        yield from _shares(words, start_s, stop_s)

    def _unspoken(self, words: Sequence[_Word], reason: str) -> Iterator[Playback]:
        """Yield the place of words that are left out."""
        place_s = self._free_s(words[-1].message.end_s)
        for playback in _shares(words, place_s, place_s):
            yield replace(playback, skipped=reason)

    def _play(
        self, samples: Samples, rate_hz: int, *, not_before_s: float, touches: bool
    ) -> tuple[float, float]:
        """Queue a piece but for its last samples, which may pass into the next piece.

        Where it touches the piece before, the two pass into each other in the time of that
        one's last samples. Returns when it starts and ends to sound, its last samples and
        not the join included, so that pieces follow each other and nothing moves.
        """
        count, held = fade_samples(samples, rate_hz), len(self._tail)
        if touches and 0 < held <= count:
            head = join(self._tail, samples[:held])
            samples = samples[held:]
            self._sink.play(head, not_before_s=0.0)
        else:
            self._play_tail()
            samples = fade_in(samples, count)
        kept = fade_samples(samples, rate_hz)
        cut = len(samples) - kept
        self._tail = samples[cut:]
        start_s, stop_s = self._sink.play(samples[:cut], not_before_s=not_before_s)
        return start_s, stop_s + kept / rate_hz

    def _play_tail(self) -> None:
        """Let the last piece end by itself."""
        if len(self._tail):
            tail = fade_out(self._tail, len(self._tail))
            self._tail = self._tail[:0]
            self._sink.play(tail, not_before_s=0.0)

    def _free_s(self, end_s: float) -> float:
        """Return when the next piece could sound, without a breath."""
        return max(self._timeline.at(end_s), self._until_s())

    def _until_s(self) -> float:
        """Return when everything so far has sounded, with what is kept to be joined."""
        # The sink knows nothing of what is kept; it may know of a later moment, the present.
        until_s = self._sink.queued_until_s()
        return max(until_s, self._spoken_until_s) if len(self._tail) else until_s

    def _pause_after(self, word: _Word) -> float:
        if ends_sentence(word.text):
            return self._config.sentence_pause_s
        return self._config.clause_pause_s if ends_clause(word.text) else 0.0


def _shares(words: Sequence[_Word], start_s: float, stop_s: float) -> Iterator[Playback]:
    """Divide a piece's time between the segments that its words came from."""
    letters = sum(len(word.text) for word in words)
    spoken = 0
    for _, group in groupby(words, key=lambda word: word.message.segment):
        part = list(group)
        begin_s = start_s + (stop_s - start_s) * spoken / letters
        spoken += sum(len(word.text) for word in part)
        message = part[0].message
        yield Playback(
            segment=message.segment,
            utterance=message.utterance,
            text=" ".join(word.text for word in part),
            audio_start_s=begin_s,
            audio_end_s=start_s + (stop_s - start_s) * spoken / letters,
            speech_end_s=message.end_s,
        )
