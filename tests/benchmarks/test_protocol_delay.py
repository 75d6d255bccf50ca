import pytest

from benchmarks.clients import Heard, Told
from benchmarks.protocol_delay import BAR_S, compared, differences


def heard(*pieces: tuple[str, float]) -> Heard:
    told = [Told(text=text, start_s=0.0, end_s=0.0, at_s=at_s) for text, at_s in pieces]
    return Heard(sources=told, targets=told, sounds=dict(enumerate(told)))


def test_pieces_of_the_same_words_are_compared() -> None:
    rounds = [
        (heard(("a", 1.0), ("b c", 2.0), ("d", 3.0)), heard(("a", 1.1), ("b", 2.0), ("d", 3.3))),
        (heard(("a", 1.0)), heard(("a", 1.2))),
    ]
    found = differences(rounds)
    assert found[0].what == "committed source"
    for each in found:
        assert (each.desktop_s, each.server_s) == ((1.0, 3.0, 1.0), (1.1, 3.3, 1.2))
        assert each.p50_s == pytest.approx(0.2)
        assert each.piece_p50_s == pytest.approx(0.2)
    assert "| committed target | 3 | 1.000 s | 1.200 s | +200 ms | +200 ms |" in compared(found)
    assert BAR_S == 0.150
