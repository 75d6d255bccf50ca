"""What a recogniser says that nobody did: loops, echoes, text out of silence. Pure functions."""

import itertools
import zlib
from collections.abc import Sequence

from live_translator.asr.agreement import Hypothesis, Unit
from live_translator.spelling import bare

_LONGEST_CYCLE = 30
"""Units; Whisper's loops seen here repeat a word, a clause, or a sentence or two."""
_LONG_CYCLE_WORDS = 4
"""So many words said twice in a row, with nothing between, nobody meant to say."""


_MAX_COMPRESSION = 2.4
"""Whisper's own bound on how many times shorter zlib makes a text (Radford et al. 2022)."""
_SHORTEST_WORD_S = 0.03
"""Alignment counts in steps of 0.02 s; no one says a word in one."""
_SHORTEST_AGAIN_S = 0.1
"""Of a word that is said a second time; "no, no" takes 0.15 s each when hurried."""
_UNHEARD_WORDS, _UNHEARD_WORDS_AT_END = 4, 2
"""So many words in a row that last no time were not heard: fewer at the end of a text."""


def without_loops(units: Sequence[Unit], before: Sequence[Unit] = ()) -> tuple[Unit, ...]:
    """Return the units with each cycle that the decoder was stuck in said only once.

    A cycle may have begun in `before`, the units that these follow. What counts as stuck
    depends on it: four words or more are at the second round, fewer at the third, a single
    one at the fourth, since people do say "no, no, no"; and any of them are already at the
    second if no time was left to say it again. What follows a loop is kept, except the
    beginning of one more round at the end.
    """
    line = [*before[-_LONGEST_CYCLE:], *units]
    first = len(line) - len(units)
    keys = [unit.key for unit in line]
    kept: list[Unit] = []
    index = 0
    while index < len(line):
        length, rounds = _cycle_at(line, keys, index)
        kept.extend(line[max(first, index) : index + length])
        end = index + length * rounds
        if rounds > 1 and keys[end:] == keys[index : index + len(keys) - end]:
            end = len(line)
        index = end
    return tuple(kept)


def _cycle_at(units: Sequence[Unit], keys: Sequence[str], start: int) -> tuple[int, int]:
    """Return length and rounds of the loop that begins here; one unit once if none does."""
    for length in range(1, min(_LONGEST_CYCLE, (len(keys) - start) // 2) + 1):
        cycle = keys[start : start + length]
        rounds = 1
        while keys[start + rounds * length : start + (rounds + 1) * length] == cycle:
            rounds += 1
        words = sum(not unit.is_punctuation for unit in units[start : start + length])
        if rounds >= (2 if words >= _LONG_CYCLE_WORDS else 3 if words > 1 else 4):
            return length, rounds
        again = units[start + length : start + rounds * length]
        again_s = sum(unit.seconds for unit in again if not unit.is_punctuation)
        if again_s < _SHORTEST_AGAIN_S * words * (rounds - 1):
            return length, rounds
    return 1, 1


def without_unheard(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """Return the units without those that were guessed and not heard.

    A decoder that is lost in its context says it again, and one that has used up the sound
    may go on with what is likely to follow. Alignment finds no place for such words: four
    or more in a row that last no time are dropped, at the end already two.
    """
    kept: list[Unit] = []
    for timeless, run in itertools.groupby(units, _is_timeless):
        stretch = list(run)
        words = sum(not unit.is_punctuation for unit in stretch)
        at_end = stretch[-1] is units[-1]
        if not timeless or words < (_UNHEARD_WORDS_AT_END if at_end else _UNHEARD_WORDS):
            kept.extend(stretch)
    return tuple(kept)


def without_imagined(units: Sequence[Unit], before: Sequence[Unit]) -> tuple[Unit, ...]:
    """Return the units, which follow `before`, without loops and without what was not heard."""
    return without_unheard(without_loops(units, before))


def is_lost(units: Sequence[Unit], before: Sequence[Unit]) -> bool:
    """Whether so much was never heard, ahead of what was, that the context must be at fault.

    Forced to go on from `before`, a decoder may say it again and again whatever it hears.
    A text that repeats itself with small changes is told by how well it can be compressed.
    """
    text = "".join(unit.text for unit in units).encode()
    if len(text) > _MAX_COMPRESSION * len(zlib.compress(text)):
        return True
    kept = without_imagined(units, before)
    at_end = kept and kept == tuple(units[: len(kept)])
    return len(units) - len(kept) >= _UNHEARD_WORDS and not at_end


def _is_timeless(unit: Unit) -> bool:
    return unit.seconds < _SHORTEST_WORD_S


def without_echo(
    before: Sequence[str], units: Sequence[Unit], *, least_words: int
) -> tuple[Unit, ...]:
    """Return the units without a repetition, at their beginning, of what was said last.

    Where a buffer was cut a little early, or a pause invites it, the decoder may say the
    last words of `before` again. Fewer than `least_words` may be meant.
    """
    said = [spelt for word in before if (spelt := bare(word))]
    words = [(index, spelt) for index, unit in enumerate(units) if (spelt := bare(unit.text))]
    for count in range(min(len(said), len(words), _LONGEST_CYCLE), least_words - 1, -1):
        if [word for _, word in words[:count]] == said[-count:]:
            after = words[count - 1][0] + 1
            while after < len(units) and units[after].is_punctuation:
                after += 1
            return tuple(units[after:])
    return tuple(units)


def is_silence(hypothesis: Hypothesis, *, no_speech_threshold: float, min_logprob: float) -> bool:
    """Whether the text is more likely imagined than heard.

    Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision",
    section 4.5: the no-speech probability counts only where the text is doubtful too.
    """
    return (
        hypothesis.no_speech_probability > no_speech_threshold
        and hypothesis.mean_logprob < min_logprob
    )
