"""The commit policies by name."""

import pytest

from live_translator.asr.agreement import LocalAgreement, Unit
from live_translator.asr.alignatt import AlignAtt, SureOrAgreed
from live_translator.asr.policy import make_policy, whole_words
from live_translator.config import AsrConfig

SURE, FAIR = Unit(" sure", (1,), 0.0, 1.0, 0.99), Unit(" fair", (2,), 0.0, 1.0, 0.8)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("agreement", LocalAgreement), ("alignatt", AlignAtt), ("sure-or-agreed", SureOrAgreed)],
)
def test_a_policy_is_made_by_its_name(name: str, kind: type) -> None:
    assert type(make_policy(AsrConfig(policy=name))) is kind


@pytest.mark.parametrize(
    ("name", "unit", "first", "second"),
    [
        ("agreement", SURE, 0, 1),
        ("alignatt", SURE, 1, 1),
        ("alignatt", FAIR, 1, 1),
        ("sure-or-agreed", SURE, 1, 1),
        ("sure-or-agreed", FAIR, 0, 1),
    ],
)
def test_policies_differ_in_when_one_hypothesis_is_enough(
    name: str, unit: Unit, first: int, second: int
) -> None:
    policy = make_policy(AsrConfig(policy=name))
    assert [policy.step((unit,), 9.0), policy.step((unit,), 9.0)] == [first, second]


@pytest.mark.parametrize(
    ("units", "count", "whole"),
    [
        ("the| non|-family| man", 2, 1),
        ("the| non|-family| man", 3, 3),
        ("the| non|-|family", 3, 3),
        ("a| merry|-go|-round| here", 3, 1),
        ("it|'s| here", 1, 0),
        ("the| end|.", 2, 2),
        ("the| non", 2, 2),
        ("你|好", 1, 1),
    ],
)
def test_a_word_is_not_parted_from_its_rest(units: str, count: int, whole: int) -> None:
    texts = [Unit(text, (1,), 0.0, 1.0) for text in units.split("|")]
    assert whole_words(texts, count) == whole
