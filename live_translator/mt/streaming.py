"""The translating stage: re-translate the growing sentence, commit what is safe."""

import itertools
import logging
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from live_translator.config import MtConfig
from live_translator.errors import SegmentError
from live_translator.interfaces import Clock, Translator
from live_translator.languages import Language
from live_translator.messages import Transcript, Translation
from live_translator.mt.attention import Context, ask
from live_translator.mt.policy import (
    CommitPolicy,
    Draft,
    make_deadline,
    make_policy,
    remaining_words,
)
from live_translator.mt.sentences import split
from live_translator.prefix import after_prefix
from live_translator.quoted import Quoted

log = logging.getLogger(__name__)

_FAILED = "the translator failed"


@dataclass(slots=True)
class Growing:
    """The sentence being spoken, and what of its translation is already out."""

    source: str = ""
    committed: list[str] = field(default_factory=list)
    """Target words."""
    draft: Draft = field(default_factory=Draft)
    """What the last translation has said behind them."""
    ends_s: list[float] = field(default_factory=list)
    """Source clock, where each source word ends."""
    covered: str = ""
    """The beginning of the source that emitted segments have shown."""
    is_sure: bool = True
    """Whether the engine stands by what it said last."""
    is_settled: bool = True
    """Whether more words would hardly make another sentence of it."""
    failure: SegmentError | None = None
    """Why the engine could not translate it as it is now."""


class TranslateProcessor:
    """Turns committed source words into committed target words; an `interfaces.Processor`.

    All waiting transcripts are taken before the sentence is translated again, unless
    `coalesce` is off: then each is translated by itself, so that the same transcripts
    always give the same segments. Without a translator the recogniser translates, and
    its target text is passed on. `pair` is source and target language, for a policy that
    waits where their word orders differ. `segments` numbers the segments, where several
    processors share one run. Runs on the MT thread.
    """

    def __init__(
        self,
        translator: Translator | None,
        config: MtConfig,
        clock: Clock,
        *,
        streaming: bool = True,
        coalesce: bool = True,
        pair: tuple[Language, Language] | None = None,
        segments: Iterator[int] | None = None,
    ) -> None:
        self._translator = translator
        self._config = config
        self._clock = clock
        self._streaming = streaming
        self._coalesce = coalesce
        self._pair = pair
        self._policy = self._make_policy()
        self._deadline = make_deadline(config)
        self._attends = config.policy == "attention"
        self._sentence = Growing()
        self._before = ""
        """The sentence that ended last."""
        self._segments = itertools.count() if segments is None else segments
        self._starts_s: deque[float] = deque()
        """Where each source word begins that no segment has shown yet."""
        self._last_start_s = 0.0
        self._has_grown = False
        """Whether words came that no translation has taken in."""
        self.skipped = 0
        """Sentences that the engine could not translate."""

    def process(self, batch: Sequence[Transcript]) -> Iterator[Translation]:
        """Yield a segment for each sentence that ended and for each safe advance of the last."""
        for message in batch:
            self._time_words(message)
            if self._translator is None:
                yield from self._pass_through(message)
                continue
            self._sentence.source += message.committed
            self._has_grown |= bool(message.committed)
            yield from self._finish_sentences(message)
            is_last = message is batch[-1]
            if not message.final and (is_last or not self._coalesce):
                yield from self._advance(message)

    def finish(self) -> Iterable[Translation]:
        """Nothing waits here: the recogniser has ended its last utterance."""
        return ()

    def close(self) -> None:
        """Nothing to release: the engine is its loader's to close."""

    def _make_policy(self) -> CommitPolicy:
        """Return the policy for a sentence: another engine may have taken over."""
        forces_prefix = self._translator is not None and self._translator.forces_prefix
        return make_policy(self._config, forces_prefix=forces_prefix, pair=self._pair)

    def _time_words(self, message: Transcript) -> None:
        """Note where each new word begins: the words of a message are spread evenly over it."""
        source = self._sentence.source
        added = len((source + message.committed).split()) - len(source.split())
        spoken_s = max(0.0, message.speech_end_s - message.start_s)
        bounds_s = [message.start_s + spoken_s * index / added for index in range(added)]
        self._starts_s.extend(bounds_s)
        self._sentence.ends_s += [*bounds_s[1:], message.start_s + spoken_s][:added]
        if not source:
            self._last_start_s = message.start_s

    def _pass_through(self, message: Transcript) -> Iterator[Translation]:
        sentence = self._sentence
        sentence.source += message.committed
        if message.translated.strip() or message.final:
            yield self._emit(
                message,
                sentence.source,
                message.translated.split(),
                message.final,
                new_words=len(sentence.source.split()),
            )
            self._sentence = Growing()
        if message.final:
            self._starts_s.clear()

    def _finish_sentences(self, message: Transcript) -> Iterator[Translation]:
        """Commit every sentence that is complete; at the utterance's end, all of it."""
        parts = split(
            self._sentence.source,
            max_words=self._config.max_sentence_words,
            ended=message.final,
            said_words=len(self._sentence.covered.split()),
        )
        if not self._streaming and not message.final:
            return
        ends_s = self._sentence.ends_s
        for index, source in enumerate(parts.complete):
            self._sentence.source = source
            is_final = message.final and index == len(parts.complete) - 1
            yield self._commit(message, self._translated(ended=True).words, is_final=is_final)
            self._sentence = Growing()
            self._before = source
            self._policy = self._make_policy()
        self._sentence.source = parts.rest
        self._sentence.ends_s = ends_s[max(0, len(ends_s) - len(parts.rest.split())) :]
        self._has_grown &= bool(parts.rest)
        if message.final:
            if not parts.complete:
                yield self._emit(message, "", [], is_final=True)
            self._starts_s.clear()

    def _advance(self, message: Transcript) -> Iterator[Translation]:
        """Commit what is safe of the unfinished sentence, if it has grown, and what is due."""
        if not self._streaming:
            return
        sentence, safe = self._sentence, 0
        if self._has_grown:
            self._has_grown = False
            sentence.draft = self._translated(ended=False)
            safe = self._policy.step(sentence.draft)
            if not sentence.is_settled:
                safe = 0
        draft = sentence.draft
        ages_s = [message.end_s - end_s for end_s in sentence.ends_s]
        safe = max(safe, self._deadline.due(draft, sentence.source.split(), ages_s))
        if safe:
            sentence.draft = draft.after(safe)
            yield self._commit(message, draft.words[:safe], is_final=False)

    def _translated(self, *, ended: bool) -> Draft:
        """Return what a new translation of the sentence says behind its committed words.

        Without `ended` more of the sentence is to come.
        """
        translator, sentence = self._translator, self._sentence
        if translator is None:
            return Draft()
        source, committed = sentence.source, sentence.committed
        prefix = " ".join(committed)
        context = Context(ended=ended, before=self._before)
        try:
            # Where the sentence is over, all of it is said, whatever its words look at.
            attends = self._attends and not ended
            answer = ask(translator, source, prefix=prefix, with_attention=attends, context=context)
        except SegmentError as error:
            sentence.failure = error
            return Draft()
        sentence.failure = None
        sentence.is_sure, sentence.is_settled = answer.is_sure, answer.is_settled
        words = answer.text.split()
        return Draft(
            words=tuple(
                words[len(committed) :]
                if translator.forces_prefix
                else remaining_words(committed, words)
            ),
            committed=len(committed),
            source_words=len(source.split()),
            attended=answer.words,
        )

    def _commit(self, message: Transcript, words: Sequence[str], *, is_final: bool) -> Translation:
        sentence = self._sentence
        # By letters, not words: a full stop may come after its word was shown.
        uncovered = after_prefix(sentence.source, sentence.covered)
        new_words = len(sentence.source.split()) - len(sentence.covered.split())
        sentence.covered = sentence.source
        sentence.committed.extend(words)
        skipped = ""
        if sentence.failure is not None and not words:
            skipped = _FAILED
            self.skipped += 1
            log.warning("not translated: %s (%s)", Quoted(uncovered), sentence.failure)
        return self._emit(message, uncovered, words, is_final, new_words=new_words, skipped=skipped)

    def _emit(
        self,
        message: Transcript,
        source: str,
        words: Sequence[str],
        is_final: bool,
        *,
        new_words: int = 0,
        skipped: str = "",
    ) -> Translation:
        if new_words and self._starts_s:
            self._last_start_s = self._starts_s[0]
        for _ in range(min(new_words, len(self._starts_s))):
            self._starts_s.popleft()
        return Translation(
            utterance=message.utterance,
            segment=next(self._segments),
            start_s=min(self._last_start_s, message.end_s),
            end_s=message.end_s,
            captured_at_s=message.captured_at_s,
            emitted_at_s=self._clock(),
            final=is_final,
            direction=message.direction,
            source=source.strip(),
            target=" ".join(words),
            uncertain=bool(words) and not self._sentence.is_sure,
            skipped=skipped,
        )
