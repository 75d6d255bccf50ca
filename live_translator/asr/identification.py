"""Which language is spoken: decided once for each utterance, as early as it is sure."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from live_translator.config import SAMPLE_RATE_HZ, IdentificationConfig
from live_translator.direction import Direction
from live_translator.interfaces import Processor
from live_translator.messages import Samples, SpeechChunk, Transcript
from live_translator.steering import Steering


class LanguageVote:
    """Decides on one utterance's language by what the model says of its growing audio. Pure.

    The languages' probabilities are weighed by what was spoken before: a speaker seldom
    changes, so that another language needs that much more evidence (Bayes' rule).
    """

    def __init__(
        self, config: IdentificationConfig, candidates: Collection[str], before: str | None
    ) -> None:
        """Begin an utterance that can be in any of the candidates; `before` was the last one's."""
        self._config = config
        self._candidates = candidates
        self._before = before

    def step(
        self, probabilities: Mapping[str, float], heard_s: float, *, ended: bool
    ) -> str | None:
        """Return the language once it is sure, or `latest_s` or the utterance's end has come."""
        weighed = {
            code: probabilities.get(code, 0.0)
            * (self._config.stay_odds if code == self._before else 1.0)
            for code in self._candidates
        }
        likeliest = max(weighed, key=lambda code: weighed[code])
        total = sum(weighed.values())
        share = weighed[likeliest] / total if total > 0 else 0.0
        is_sure = share >= self._config.sure_share and heard_s >= self._config.earliest_s
        return likeliest if is_sure or ended or heard_s >= self._config.latest_s else None


class Identifier(Protocol):
    """Hears which language is spoken."""

    def languages(self, samples: Samples) -> Mapping[str, float]:
        """Return the probability of each language, by its ISO 639-1 code."""


class IdentifyProcessor:
    """Gives each utterance that may go several ways its direction; wraps the recogniser.

    Chunks wait until the language is known and are then recognised all together, so the
    first words of an utterance come `earliest_s` late, and later ones in time. Runs on
    the ASR thread.
    """

    def __init__(
        self,
        recogniser: Processor[SpeechChunk, Transcript],
        identifier: Identifier,
        config: IdentificationConfig,
        steering: Steering,
        *,
        prepare: Callable[[Direction], Direction] = lambda direction: direction,
    ) -> None:
        """Wrap; `prepare` is told each direction found, and returns the one to take instead."""
        self._prepare = prepare
        self._recogniser = recogniser
        self._identifier = identifier
        self._config = config
        self._steering = steering
        self._waiting: list[SpeechChunk] = []
        self._next_s = 0.0
        """How long the utterance must be to be listened to again."""
        self._found: Direction | None = None
        """The direction of the utterance that runs, once it is known."""
        self._before: str | None = None
        self._vote: LanguageVote | None = None
        self._ways: dict[str, Direction] = {}

    def process(self, batch: Sequence[SpeechChunk]) -> Iterator[Transcript]:
        """Yield what is recognised of the utterances whose language is known."""
        directed: list[SpeechChunk] = []
        for chunk in batch:
            if chunk.direction is not None:
                directed.append(chunk)
            else:
                self._waiting.append(chunk)
                directed += self._directed(ended=chunk.final)
        if directed:
            yield from self._recogniser.process(directed)

    def finish(self) -> Iterator[Transcript]:
        """Recognise what was waiting for its language."""
        if self._waiting:
            yield from self._recogniser.process(self._directed(ended=True))
        yield from self._recogniser.finish()

    def close(self) -> None:
        """Close the recogniser."""
        self._recogniser.close()

    def _directed(self, *, ended: bool) -> list[SpeechChunk]:
        """Return the chunks that waited, once it is known which way they go."""
        if self._found is None:
            self._found = self._identified(ended=ended)
        found = self._found
        if found is None:
            return []
        directed = [replace(chunk, direction=found) for chunk in self._waiting]
        self._waiting.clear()
        if ended:
            self._found = None
        return directed

    def _identified(self, *, ended: bool) -> Direction | None:
        samples = np.concatenate([chunk.samples for chunk in self._waiting])
        heard_s = len(samples) / SAMPLE_RATE_HZ
        if self._vote is None:
            self._ways = {way.source.code: way for way in self._steering.directions}
            self._vote = LanguageVote(self._config, self._ways, self._before)
            self._next_s = self._config.earliest_s
        if heard_s < self._next_s and not ended:
            return None
        self._next_s = heard_s + self._config.again_s
        code = self._vote.step(self._identifier.languages(samples), heard_s, ended=ended)
        if code is None:
            return None
        # Where the ways lead to different languages, it is a conversation: anyone may be next.
        one_speaker = len({way.target for way in self._ways.values()}) == 1
        self._vote, self._before = None, code if one_speaker else None
        return self._prepare(self._ways[code])
