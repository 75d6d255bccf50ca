import pytest

from live_translator.ledger import Account, Ledger
from tests.messages import playback, transcript, translation


@pytest.mark.parametrize(
    ("owed", "settled", "report"),
    [
        ([" one two"], [("one two", "done")], {"words": 2, "done": 2, "open": 0}),
        ([" one two"], [("one", "done")], {"words": 2, "done": 1, "open": 1}),
        ([" one", " two."], [("one two", "done"), (".", "done")], {"words": 2, "done": 2}),
        ([" non", "-family man"], [("non", "done"), ("-family man", "skipped")],
         {"words": 2, "done": 1, "skipped": 1}),
        (["你好", "世界"], [("你好世界", "done")], {"words": 1, "done": 1}),
        ([" one"], [("two", "done")], {"words": 1, "open": 1, "mismatches": 1}),
        ([], [("one", "done")], {"words": 0, "open": 0, "mismatches": 1}),
        ([" one"], [("", "done")], {"words": 1, "open": 1, "mismatches": 0}),
    ],
)  # fmt: skip
def test_every_word_is_settled_once_and_in_order(
    owed: list[str], settled: list[tuple[str, str]], report: dict[str, int]
) -> None:
    account = Account()
    for text in owed:
        account.owe(text)
    for text, outcome in settled:
        account.settle(text, outcome)
    found = account.report()
    assert {name: found.get(name, 0) for name in report} == report
    assert sum(account.outcomes.values()) + found["open"] == found["words"]


def test_a_run_s_words_are_accounted_for_on_both_sides() -> None:
    ledger = Ledger(spoken=True)
    ledger.on_transcript(transcript(" The cat sleeps.", 1.0))
    ledger.on_transcript(transcript(" It dreams.", 2.0, final=True))
    ledger.on_translation(translation(0, "The cat sleeps.", "El gato duerme."))
    ledger.on_translation(translation(1, "It dreams.", "", skipped="the translator failed"))
    ledger.on_playback(playback(0, 1.0, 2.0, text="El gato"))
    ledger.on_playback(playback(0, 2.0, 2.0, text="duerme.", skipped="muted"))
    assert ledger.report() == {
        "source": {"words": 5, "translated": 3, "the translator failed": 2, "open": 0,
                   "mismatches": 0},
        "target": {"words": 3, "spoken": 2, "muted": 1, "open": 0, "mismatches": 0},
    }  # fmt: skip


def test_without_speech_nothing_is_owed_of_the_translation() -> None:
    ledger = Ledger(spoken=False)
    ledger.on_transcript(transcript(" Hello.", 1.0))
    ledger.on_translation(translation(0, "Hello.", "Hola."))
    assert ledger.report()["target"] == {"words": 0, "open": 0, "mismatches": 0}
