"""When is a word safe? AlignAtt: where in the audio a single hypothesis looks for it.

Papi, Turchi, Negri 2023, "AlignAtt: Using Attention-based Audio-Translation Alignments as
a Guide for Simultaneous Speech Translation", https://arxiv.org/abs/2305.11408: a word is
emitted if the audio it attends to is not the newest. Here a word's place is the end that
the warped cross-attention gives it. Pure: no audio, thread, clock or model.
"""

from collections.abc import Sequence

from live_translator.asr.agreement import Margins, Unit, leading, shared


class AlignAtt:
    """Commits the longest beginning of one hypothesis that is safe by its margins alone."""

    def __init__(self, margins: Margins) -> None:
        self._margins = margins

    def step(self, units: Sequence[Unit], audio_s: float) -> int:
        """Take the next hypothesis after the committed prefix; return how many units to commit."""
        return leading(units, lambda unit: self._margins.is_safe(unit, audio_s))

    def reset(self) -> None:
        """Nothing to forget: every hypothesis is judged by itself."""


class SureOrAgreed:
    """Commits a word as soon as either reason holds: sure by itself, or said twice.

    `alone` are the margins of a word that no hypothesis before this one said, `agreed`
    those of one that the last hypothesis said too.
    """

    def __init__(self, alone: Margins, agreed: Margins) -> None:
        self._alone = alone
        self._agreed = agreed
        self._previous: tuple[Unit, ...] = ()

    def step(self, units: Sequence[Unit], audio_s: float) -> int:
        """Take the next hypothesis after the committed prefix; return how many units to commit."""
        agreed = shared(self._previous, units)
        count = leading(
            units[:agreed],
            lambda unit: self._alone.is_safe(unit, audio_s) or self._agreed.is_safe(unit, audio_s),
        )
        count += leading(units[count:], lambda unit: self._alone.is_safe(unit, audio_s))
        self._previous = tuple(units[count:])
        return count

    def reset(self) -> None:
        """Forget the last hypothesis: a new utterance begins."""
        self._previous = ()
