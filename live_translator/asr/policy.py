"""The commit policies by name: what of a growing text may be said for good."""

import math
from collections.abc import Sequence
from typing import Protocol

from live_translator.asr.agreement import LocalAgreement, Margins, Unit
from live_translator.asr.alignatt import AlignAtt, SureOrAgreed
from live_translator.config import AsrConfig

_GOES_ON = ("-", "'", "’")  # noqa: RUF001 - both apostrophes on purpose
"""Without a space before them, these go on with the word before."""


class CommitPolicy(Protocol):
    """Is told every hypothesis of one text in turn; pure but for remembering the last."""

    def step(self, units: Sequence[Unit], audio_s: float) -> int:
        """Return how many of the units, which follow what is committed, to commit now.

        `audio_s` is the length of the audio heard, on the scale of the units' times.
        """

    def reset(self) -> None:
        """Forget what was heard: a new utterance begins."""


def whole_words(units: Sequence[Unit], count: int) -> int:
    """Return how many of `count` units to commit so that no word is parted from its rest.

    "non-family" is two units: translated for itself, "non" becomes another word.
    """
    while 0 < count < len(units) and units[count].text.startswith(_GOES_ON):
        count -= 1
    return count


def make_policy(config: AsrConfig) -> CommitPolicy:
    """Return a fresh policy as configured; `AsrConfig.policy` says what each does."""
    margins = Margins(
        sure_s=config.commit_margin_s,
        doubtful_s=config.doubt_margin_s,
        sure_probability=config.sure_probability,
        mark_s=config.mark_margin_s,
    )
    if config.policy == "alignatt":
        return AlignAtt(margins)
    if config.policy == "sure-or-agreed":
        alone = Margins(
            sure_s=config.alone_margin_s,
            doubtful_s=math.inf,
            sure_probability=config.alone_probability,
            mark_s=math.inf,
        )
        return SureOrAgreed(alone, margins)
    return LocalAgreement(margins)
