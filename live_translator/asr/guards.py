"""What a recogniser says that nobody did: loops and text out of silence. Pure functions."""

from collections.abc import Sequence

from live_translator.asr.agreement import Hypothesis, Unit

_LONGEST_CYCLE = 30
"""Units; Whisper's loops seen here repeat a word, a clause, or a sentence or two."""
_LONG_CYCLE_WORDS = 4
"""So many words said twice in a row, with nothing between, nobody meant to say."""


def without_loops(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """Return the units with each cycle that the decoder was stuck in said only once.

    What counts as stuck depends on the cycle: four words or more are at the second
    round, fewer at the third, a single one at the fourth, since people do say "no, no,
    no". What follows a loop is kept, except the beginning of one more round at the end.
    """
    keys = [unit.key for unit in units]
    kept: list[Unit] = []
    index = 0
    while index < len(units):
        length, rounds = _cycle_at(units, keys, index)
        kept.extend(units[index : index + length])
        end = index + length * rounds
        if rounds > 1 and keys[end:] == keys[index : index + len(keys) - end]:
            end = len(units)
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
    return 1, 1


def without_echo(
    before: Sequence[str], units: Sequence[Unit], *, least_words: int
) -> tuple[Unit, ...]:
    """Return the units without a repetition, at their beginning, of what was said last.

    Where a buffer was cut a little early, or a pause invites it, the decoder may say the
    last words of `before` again. Fewer than `least_words` may be meant.
    """
    said = [bare for word in before if (bare := _bare(word))]
    words = [(index, bare) for index, unit in enumerate(units) if (bare := _bare(unit.text))]
    for count in range(min(len(said), len(words), _LONGEST_CYCLE), least_words - 1, -1):
        if [word for _, word in words[:count]] == said[-count:]:
            after = words[count - 1][0] + 1
            while after < len(units) and units[after].is_punctuation:
                after += 1
            return tuple(units[after:])
    return tuple(units)


def _bare(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())


def is_silence(hypothesis: Hypothesis, *, no_speech_threshold: float, min_logprob: float) -> bool:
    """Whether the text is more likely imagined than heard.

    Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision",
    section 4.5: the no-speech probability counts only where the text is doubtful too.
    """
    return (
        hypothesis.no_speech_probability > no_speech_threshold
        and hypothesis.mean_logprob < min_logprob
    )
