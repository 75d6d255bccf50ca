"""Commit policies and what is still to be said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_translator.config import MtConfig
from live_translator.languages import language
from live_translator.mt.policy import (
    AlignAttention,
    CommitPolicy,
    Deadline,
    Draft,
    HoldBack,
    LocalAgreement,
    Strictest,
    WaitK,
    make_deadline,
    make_policy,
    remaining_words,
)


def draft(
    words: str,
    committed: int = 0,
    source_words: int = 0,
    attended: tuple[int, ...] | None = None,
) -> Draft:
    return Draft(
        words=tuple(words.split()),
        committed=committed,
        source_words=source_words,
        attended=attended,
    )


@pytest.mark.parametrize(
    ("words", "remaining", "safe"),
    [(2, "", 0), (2, "a b", 0), (2, "a b c", 1), (0, "a b", 2), (9, "a b", 0)],
)
def test_hold_back_keeps_the_last_words(words: int, remaining: str, safe: int) -> None:
    assert HoldBack(words).step(draft(remaining)) == safe


def test_agreement_commits_what_two_translations_share() -> None:
    policy = LocalAgreement()
    drafts = [
        draft("la casa"),
        draft("la casa blanca"),
        draft("blanca y grande", 2),
        draft("y pequeña", 3),
    ]
    assert [policy.step(newest) for newest in drafts] == [0, 2, 1, 1]
    policy.reset()
    assert policy.step(draft("pequeña")) == 0


@pytest.mark.parametrize(
    ("committed", "words", "agreed"),
    [(0, "la casa blanca", 3), (1, "casa blanca", 2), (3, "y", 0), (2, "negra", 0)],
)
def test_agreement_goes_by_what_was_committed_not_by_what_it_advised(
    committed: int, words: str, agreed: int
) -> None:
    policy = LocalAgreement()
    policy.step(draft("la casa blanca"))
    assert policy.step(draft(words, committed)) == agreed


@pytest.mark.parametrize(
    ("attended", "last_words", "safe"),
    [
        ((0, 1, 2, 3), 1, 3),
        ((0, 1, 2, 3), 2, 2),
        ((0, 1, 2, 3), 0, 4),
        ((3, 0, 1, 2), 1, 0),  # the first word looks at the newest, so all wait
        ((0, 3, 1, 2), 1, 1),
        ((0, 0, 0, 0), 4, 0),
    ],
)
def test_attention_commits_what_does_not_look_at_the_newest_words(
    attended: tuple[int, ...], last_words: int, safe: int
) -> None:
    newest = draft("a b c d", source_words=4, attended=attended)
    assert AlignAttention(last_words).step(newest) == safe


def test_where_attention_is_missing_two_drafts_must_agree() -> None:
    policy = AlignAttention(1)
    drafts = [
        draft("la casa", source_words=2, attended=(0, 1)),
        draft("casa", 1, source_words=3),
        draft("casas", 1, source_words=4),
    ]
    assert [policy.step(newest) for newest in drafts] == [1, 1, 0]


@pytest.mark.parametrize(
    ("k", "source_words", "committed", "safe"),
    [(2, 5, 0, 3), (2, 5, 2, 1), (2, 5, 4, 0), (4, 3, 0, 0), (1, 9, 0, 4)],
)
def test_wait_k_lets_the_source_be_ahead(
    k: int, source_words: int, committed: int, safe: int
) -> None:
    assert WaitK(HoldBack(0), k).step(draft("a b c d", committed, source_words)) == safe


def test_a_draft_forgets_what_was_committed_of_it() -> None:
    newest = draft("a b c", 2, 4, (0, 1, 3))
    assert newest.after(2) == draft("c", 4, 4, (3,))
    assert draft("a", 0, 1).after(1) == draft("", 1, 1)


SOURCE = ["when", "it", "rains,", "we", "stay"]


@pytest.mark.parametrize(
    ("deadline", "committed", "ages_s", "due"),
    [
        # Ten target words for five source words: two each.
        (Deadline(), 0, [99.0] * 5, 0),
        (Deadline(limit_s=3), 0, [4, 3, 2, 1, 0], 4),
        (Deadline(limit_s=3), 3, [4, 3, 2, 1, 0], 1),
        (Deadline(limit_s=3), 5, [4, 3, 2, 1, 0], 0),
        (Deadline(limit_s=3), 0, [9, 8, 7, 6, 5], 10),
        (Deadline(at_clauses=True), 0, [4, 3, 2, 1, 0], 6),
        (Deadline(at_clauses=True), 4, [4, 3, 2, 1, 0], 2),
        (Deadline(at_clauses=True, limit_s=1), 0, [4, 3, 2, 1, 0], 8),
    ],
)
def test_a_deadline_goes_by_age_or_clause(
    deadline: Deadline, committed: int, ages_s: list[float], due: int
) -> None:
    words = " ".join("abcdefghij"[committed:])
    assert deadline.due(draft(words, committed, 5), SOURCE, ages_s) == due


def test_nothing_is_due_of_an_empty_draft() -> None:
    assert Deadline(limit_s=0).due(Draft(), SOURCE, [9.0] * 5) == 0
    assert Deadline(limit_s=0).due(draft("a"), [], []) == 0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("none", Deadline()),
        ("time", Deadline(limit_s=3.0)),
        ("clause", Deadline(limit_s=3.0, at_clauses=True)),
    ],
)
def test_a_deadline_is_chosen_by_name(name: str, expected: Deadline) -> None:
    assert make_deadline(MtConfig(deadline=name, deadline_s=3.0)) == expected


drafts = st.builds(
    Draft,
    words=st.lists(st.sampled_from("abc"), min_size=6, max_size=6).map(tuple),
    committed=st.integers(0, 9),
    source_words=st.integers(0, 20),
    attended=st.none() | st.lists(st.integers(0, 20), min_size=6, max_size=6).map(tuple),
)


@given(
    st.sampled_from([HoldBack(2), LocalAgreement(), AlignAttention(2), WaitK(HoldBack(0), 3)]),
    st.lists(drafts, max_size=6),
)
def test_no_policy_commits_more_than_there_is(policy: CommitPolicy, seen: list[Draft]) -> None:
    policy.reset()
    # What is committed never shrinks while a sentence grows.
    for newest in sorted(seen, key=lambda one: one.committed):
        assert 0 <= policy.step(newest) <= len(newest.words)


@given(drafts, st.lists(st.floats(0, 20), min_size=5, max_size=5), st.booleans())
def test_no_deadline_asks_for_more_than_there_is(
    newest: Draft, ages_s: list[float], at_clauses: bool
) -> None:
    falling = sorted(ages_s, reverse=True)
    strict = Deadline(limit_s=2, at_clauses=at_clauses).due(newest, SOURCE, falling)
    lax = Deadline(limit_s=4, at_clauses=at_clauses).due(newest, SOURCE, falling)
    assert 0 <= lax <= strict <= len(newest.words)


@pytest.mark.parametrize(
    ("policy", "forces_prefix", "kind"),
    [
        ("auto", True, HoldBack),
        ("auto", False, Strictest),
        ("holdback", True, HoldBack),
        ("agreement", False, LocalAgreement),
        ("agreed-holdback", True, Strictest),
        ("attention", True, AlignAttention),
    ],
)
def test_the_policy_suits_the_engine_unless_it_is_named(
    policy: str, forces_prefix: bool, kind: type
) -> None:
    assert isinstance(make_policy(MtConfig(policy=policy), forces_prefix=forces_prefix), kind)


@pytest.mark.parametrize(
    ("before", "now", "committed"),
    [
        ("a b c", "a b c d", 2),
        ("a b c", "a x c d e f", 1),
        ("", "a b c d", 0),
        ("a b c d", "a b", 0),
    ],
)
def test_the_strictest_commits_what_all_of_them_find_safe(
    before: str, now: str, committed: int
) -> None:
    policy = make_policy(MtConfig(policy="agreed-holdback", holdback_words=2), forces_prefix=False)
    policy.step(Draft(words=tuple(before.split())))
    assert policy.step(Draft(words=tuple(now.split()))) == committed


@pytest.mark.parametrize(
    ("target", "wait", "kind"),
    [("ja", "auto", WaitK), ("ja", "none", LocalAgreement), ("es", "auto", LocalAgreement)],
)
def test_a_policy_waits_where_word_orders_differ(target: str, wait: str, kind: type) -> None:
    config = MtConfig(policy="agreement", word_order_wait=wait)
    pair = language("en"), language(target)
    assert isinstance(make_policy(config, forces_prefix=True, pair=pair), kind)


@pytest.mark.parametrize(
    ("committed", "hypothesis", "remaining"),
    [
        ("", "la casa", "la casa"),
        ("la", "la casa", "casa"),
        ("la casa", "la casa blanca", "blanca"),
        ("el blanco", "la casa blanca", "blanca"),
        ("los buenos", "las buenas amigas", "amigas"),
        ("un banco", "una orilla del río", "del río"),
        ("Éramos todos", "éramos todos, yendo", "yendo"),
        ("quiero ir", "yo quiero ir a casa", "a casa"),
        ("yo quiero ir", "quiero ir a casa", "a casa"),
        ("la casa", "la casa", ""),
        ("la casa es", "la casa", ""),
        ("a b", "", ""),
    ],
)
def test_what_was_said_is_not_said_again_and_nothing_is_lost(
    committed: str, hypothesis: str, remaining: str
) -> None:
    assert " ".join(remaining_words(committed.split(), hypothesis.split())) == remaining


words = st.lists(st.sampled_from(["la", "casa", "casas", "blanca", "es"]), max_size=8)


@given(words, words)
def test_an_unchanged_beginning_leaves_exactly_the_rest(before: list[str], rest: list[str]) -> None:
    assert list(remaining_words(before, [*before, *rest])) == rest


@given(words, words)
def test_what_remains_is_an_end_of_the_hypothesis(before: list[str], after: list[str]) -> None:
    remaining = list(remaining_words(before, after))
    assert after[len(after) - len(remaining) :] == remaining
