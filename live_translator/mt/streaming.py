"""The translating stage: re-translate the growing sentence, commit what is safe."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from live_translator.config import MtConfig
from live_translator.errors import SegmentError
from live_translator.interfaces import Clock, Translator
from live_translator.messages import Transcript, Translation
from live_translator.mt.policy import make_policy, remaining_words
from live_translator.mt.sentences import split

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Growing:
    """The sentence being spoken, and what of its translation is already out."""

    source: str = ""
    committed: list[str] = field(default_factory=list)
    """Target words."""
    covered: int = 0
    """Source words that an emitted segment has shown."""


class TranslateProcessor:
    """Turns committed source words into committed target words; an `interfaces.Processor`.

    All waiting transcripts are taken before the sentence is translated again, unless
    `coalesce` is off: then each is translated by itself, so that the same transcripts
    always give the same segments. Without a translator the recogniser translates, and
    its target text is passed on. Runs on the MT thread.
    """

    def __init__(
        self,
        translator: Translator | None,
        config: MtConfig,
        clock: Clock,
        *,
        streaming: bool = True,
        coalesce: bool = True,
    ) -> None:
        self._translator = translator
        self._config = config
        self._clock = clock
        self._streaming = streaming
        self._coalesce = coalesce
        forces_prefix = translator is not None and translator.forces_prefix
        self._policy = make_policy(config, forces_prefix=forces_prefix)
        self._sentence = Growing()
        self._segment = 0
        self._start_s: float | None = None
        """Where the source of the next segment begins; None before its first word."""
        self.skipped = 0
        """Sentences that the engine could not translate."""

    def process(self, batch: Sequence[Transcript]) -> Iterator[Translation]:
        """Yield a segment for each sentence that ended and for each safe advance of the last."""
        for message in batch:
            if message.committed and self._start_s is None:
                self._start_s = message.start_s
            if self._translator is None:
                yield from self._pass_through(message)
                continue
            self._sentence.source += message.committed
            yield from self._finish_sentences(message)
            is_last = message is batch[-1]
            if message.committed and not message.final and (is_last or not self._coalesce):
                yield from self._advance(message)

    def finish(self) -> Iterable[Translation]:
        """Nothing waits here: the recogniser has ended its last utterance."""
        return ()

    def close(self) -> None:
        """Nothing to release: the engine is its loader's to close."""

    def _pass_through(self, message: Transcript) -> Iterator[Translation]:
        sentence = self._sentence
        sentence.source += message.committed
        if message.translated.strip() or message.final:
            yield self._emit(message, sentence.source, message.translated.split(), message.final)
            self._sentence = Growing()

    def _finish_sentences(self, message: Transcript) -> Iterator[Translation]:
        """Commit every sentence that is complete; at the utterance's end, all of it."""
        parts = split(
            self._sentence.source,
            max_words=self._config.max_sentence_words,
            ended=message.final,
        )
        if not self._streaming and not message.final:
            return
        for index, source in enumerate(parts.complete):
            self._sentence.source = source
            is_final = message.final and index == len(parts.complete) - 1
            words = self._translated(source)
            yield self._commit(message, words, is_final=is_final)
            self._sentence = Growing()
            self._policy.reset()
        self._sentence.source = parts.rest
        if message.final and not parts.complete:
            yield self._emit(message, "", [], is_final=True)

    def _advance(self, message: Transcript) -> Iterator[Translation]:
        """Translate the unfinished sentence and commit what the policy finds safe."""
        if not self._streaming or not self._sentence.source:
            return
        words = self._translated(self._sentence.source)
        safe = words[: self._policy.step(words)]
        if safe:
            yield self._commit(message, safe, is_final=False)

    def _translated(self, source: str) -> Sequence[str]:
        """Return the target words of a sentence that are not committed yet."""
        translator, committed = self._translator, self._sentence.committed
        if translator is None:
            return ()
        try:
            target = translator.translate(source, prefix=" ".join(committed))
        except SegmentError as error:
            self.skipped += 1
            log.warning("not translated: %s (%s)", source, error)
            return ()
        words = target.split()
        if translator.forces_prefix:
            return words[len(committed) :]
        return remaining_words(committed, words)

    def _commit(self, message: Transcript, words: Sequence[str], *, is_final: bool) -> Translation:
        sentence = self._sentence
        source_words = sentence.source.split()
        uncovered = " ".join(source_words[sentence.covered :])
        sentence.covered = len(source_words)
        sentence.committed.extend(words)
        return self._emit(message, uncovered, words, is_final)

    def _emit(
        self, message: Transcript, source: str, words: Sequence[str], is_final: bool
    ) -> Translation:
        start_s = message.end_s if self._start_s is None else self._start_s
        self._start_s = None
        self._segment += 1
        return Translation(
            utterance=message.utterance,
            segment=self._segment - 1,
            start_s=min(start_s, message.end_s),
            end_s=message.end_s,
            captured_at_s=message.captured_at_s,
            emitted_at_s=self._clock(),
            final=is_final,
            source=source.strip(),
            target=" ".join(words),
        )
