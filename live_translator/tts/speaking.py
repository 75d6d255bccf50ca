"""The last stage: committed words become speech, a clause at a time, on the timeline."""

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from live_translator.config import TtsConfig
from live_translator.errors import SegmentError
from live_translator.interfaces import AudioSink, Synthesizer
from live_translator.languages import Language
from live_translator.messages import Playback, Translation
from live_translator.timeline import Timeline
from live_translator.tts.catchup import CatchUp
from live_translator.tts.clauses import ClauseCutter, ends_clause, ends_sentence
from live_translator.tts.stretch import stretch

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that waits to be spoken, and the message it came with."""

    text: str
    message: Translation


class SpeakProcessor:
    """Cuts clauses, synthesises them and queues them at the sink.

    Yields a Playback for each segment's part of a clause, its share of the clause's time
    by its share of the characters. With `streaming` off only whole sentences are spoken.
    Without a synthesiser nothing is. A clause that cannot be spoken is logged, counted in
    `skipped` and left out. In real time it speaks what is waiting together; at full pace
    message by message, so that the result does not depend on the machine. Raises what
    the sink raises.
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
    ) -> None:
        self.skipped = 0
        self._synthesizer = synthesizer
        self._sink = sink
        self._config = config
        self._timeline = timeline
        self._cutter = ClauseCutter(
            language.code if language else "",
            first_clause_words=config.first_clause_words,
            clause_words=config.clause_words,
            max_clause_words=config.max_clause_words,
            sentences_only=not streaming,
        )
        self._catch_up = CatchUp(config.max_speed, config.catch_up_after_s, config.catch_up_ramp_s)
        self._words: deque[_Word] = deque()
        """The same words as wait in the cutter, in the same order."""
        self._spoken_until_s = 0.0
        self._pause_s = 0.0
        """Wanted between what was spoken last and what comes next."""

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
            yield from self._say([self._words.popleft() for _ in piece], end_s)

    def _starving(self, end_s: float) -> bool:
        return self._backlog_s(end_s) <= self._config.starving_s

    def _backlog_s(self, end_s: float) -> float:
        """Return how long what is queued will still sound."""
        return self._sink.queued_until_s() - self._timeline.at(end_s)

    def _say(self, words: Sequence[_Word], end_s: float) -> Iterator[Playback]:
        text = " ".join(word.text for word in words)
        if self._synthesizer is None or not any(character.isalnum() for character in text):
            return  # a dash on its own is silent, not a failure
        speed = self._catch_up.speed(self._backlog_s(end_s))
        voice_speed = min(speed, self._config.max_voice_speed)
        try:
            samples = self._synthesizer.synthesize(text, speed=voice_speed)
        except SegmentError as error:
            self.skipped += 1
            _log.warning("not spoken: %s", error)
            return
        samples = stretch(samples, self._synthesizer.sample_rate_hz, speed / voice_speed)
        start_s, stop_s = self._sink.play(samples, not_before_s=self._earliest_s(end_s))
        self._spoken_until_s = stop_s
        self._pause_s = self._pause_after(words[-1])
        yield from _shares(words, start_s, stop_s)

    def _earliest_s(self, end_s: float) -> float:
        """Return when the next piece may start: now, but not without drawing breath.

        Asked after the synthesis, which took time. When behind, breath is what is saved.
        """
        now_s = self._timeline.at(end_s)
        behind = self._spoken_until_s - now_s > self._config.catch_up_after_s
        return now_s if behind else max(now_s, self._spoken_until_s + self._pause_s)

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
