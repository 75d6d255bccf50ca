import pytest

from live_translator.config import RecoveryConfig
from live_translator.recovery.restarts import Remedies, Remedy, RestartLimit

AGAIN, RESTART, SKIP, GIVE_UP = Remedy.AGAIN, Remedy.RESTART, Remedy.SKIP, Remedy.GIVE_UP
CONFIG = RecoveryConfig(restarts=2, per_s=60.0)


@pytest.mark.parametrize(
    ("times_s", "allowed"),
    [
        ([0, 1, 2], [True, True, False]),
        ([0, 1, 59.9, 60], [True, True, False, True]),
        ([0, 30, 61, 62, 91], [True, True, True, False, True]),
    ],
)
def test_restarts_are_bounded_in_any_span_of_the_time(
    times_s: list[float], allowed: list[bool]
) -> None:
    limit = RestartLimit(CONFIG)
    assert [limit.allows(at_s) for at_s in times_s] == allowed


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ("f", [AGAIN]),
        ("ff", [AGAIN, RESTART]),
        ("fff", [AGAIN, RESTART, SKIP]),
        ("ffffff", [AGAIN, RESTART, SKIP, AGAIN, RESTART, SKIP]),
        ("f-f-f-f", [AGAIN, AGAIN, AGAIN, AGAIN]),
        ("h", [RESTART]),
        ("hh", [RESTART, SKIP]),
        ("hf", [RESTART, SKIP]),
        ("fh", [AGAIN, RESTART]),
        ("fff-fff-ff", [AGAIN, RESTART, SKIP, AGAIN, RESTART, SKIP, AGAIN, GIVE_UP]),
        ("h-h-h", [RESTART, RESTART, GIVE_UP]),
    ],
)
def test_the_remedy_follows_from_what_failed_before(events: str, expected: list[Remedy]) -> None:
    """f is a failure, h a call that hung, - a segment that went well."""
    remedies = Remedies(CONFIG)
    chosen = []
    for at_s, event in enumerate(events):
        if event == "-":
            remedies.settle()
        else:
            chosen.append(remedies.failed(float(at_s), hung=event == "h"))
    assert chosen == expected


def test_restarts_long_ago_do_not_count() -> None:
    remedies = Remedies(CONFIG)
    for at_s in (0.0, 100.0, 200.0, 300.0):
        assert remedies.failed(at_s, hung=True) is RESTART
        remedies.settle()


def test_restarts_that_never_helped_end_it_however_long_they_took() -> None:
    remedies = Remedies(CONFIG)
    hung_s = (0.0, 100.0, 200.0, 300.0, 400.0)
    chosen = [remedies.failed(at_s, hung=True) for at_s in hung_s]
    assert chosen == [RESTART, SKIP, RESTART, SKIP, GIVE_UP]
