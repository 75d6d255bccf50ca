"""What a recogniser says that nobody did: loops and text out of silence. Pure functions."""

from collections.abc import Sequence

from live_translator.asr.agreement import Hypothesis, Unit

_LONGEST_CYCLE = 12
"""Units; Whisper's loops seen here repeat a word, a clause or a short sentence."""


def without_loop(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """Return the units up to the first repetition of a cycle that the decoder is stuck in.

    A cycle counts as a loop from its third round on, or its fourth if it is a single
    word, since people do say "no, no, no".
    """
    keys = [unit.key for unit in units]
    for start in range(len(keys)):
        for length in range(1, min(_LONGEST_CYCLE, (len(keys) - start) // 3) + 1):
            rounds = _rounds(keys, start, length)
            words = sum(not unit.is_punctuation for unit in units[start : start + length])
            if rounds >= (4 if words <= 1 else 3):
                return tuple(units[: start + length])
    return tuple(units)


def _rounds(keys: Sequence[str], start: int, length: int) -> int:
    cycle = keys[start : start + length]
    rounds = 1
    while keys[start + rounds * length : start + (rounds + 1) * length] == cycle:
        rounds += 1
    return rounds


def without_echo(before: Sequence[str], units: Sequence[Unit]) -> tuple[Unit, ...]:
    """Return the units without a repetition, at their beginning, of what was said last.

    Where a buffer was cut a little early, or the prompt ends in the same words, the
    decoder may say the last words of `before` again. Two words or more are an echo; a
    single one may be meant.
    """
    said = [_bare(word) for word in before]
    heard = [(index, _bare(unit.text)) for index, unit in enumerate(units)]
    words = [(index, word) for index, word in heard if word]
    for count in range(min(len(said), len(words), _LONGEST_CYCLE), 1, -1):
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
