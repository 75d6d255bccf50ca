import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_translator.config import TtsConfig
from live_translator.tts.catchup import ByEndOffset, CatchUp, Unhurried, make_catch_up

CATCH_UP = ByEndOffset(end_offset_s=3.0, max_voice_speed=1.2, max_stretch=1.25)


@pytest.mark.parametrize(
    ("wanted_s", "end_offset_s", "pause_s"),
    [(0.2, -1.0, 0.2), (0.2, 2.8, 0.2), (0.2, 2.9, 0.1), (0.2, 3.0, 0.0), (0.2, 9.0, 0.0)],
)
def test_a_breath_is_drawn_as_far_as_there_is_time(
    wanted_s: float, end_offset_s: float, pause_s: float
) -> None:
    assert CATCH_UP.pause_s(wanted_s, end_offset_s) == pytest.approx(pause_s)


@pytest.mark.parametrize(
    ("end_offset_s", "speed"),
    [(-3.0, 1.0), (0.0, 1.0), (2.0, 1.0), (2.5, 1.1), (3.0, 1.2), (600.0, 1.2)],
)
def test_the_voice_hurries_from_a_second_before_it_is_late(
    end_offset_s: float, speed: float
) -> None:
    assert CATCH_UP.voice_speed(end_offset_s) == pytest.approx(speed)


@pytest.mark.parametrize(
    ("start_offset_s", "duration_s", "stretch"),
    [
        (-2.0, 4.0, 1.0),  # it speaks before the speaker has finished: two seconds to spare
        (1.0, 2.0, 1.0),
        (1.0, 2.2, 1.1),
        (1.0, 2.5, 1.25),
        (1.0, 4.0, 1.25),
        (3.0, 0.1, 1.25),
        (60.0, 1.0, 1.25),
        (60.0, 0.0, 1.25),
    ],
)
def test_the_waveform_is_hurried_by_what_is_missing(
    start_offset_s: float, duration_s: float, stretch: float
) -> None:
    assert CATCH_UP.stretch(start_offset_s, duration_s) == pytest.approx(stretch)


@given(st.floats(-10, 100), st.floats(0, 10), st.floats(0, 30))
def test_later_is_never_slower(start_s: float, more_s: float, duration_s: float) -> None:
    later_s = start_s + more_s
    assert 1.0 <= CATCH_UP.voice_speed(start_s) <= CATCH_UP.voice_speed(later_s) <= 1.2
    assert 1.0 <= CATCH_UP.stretch(start_s, duration_s) <= CATCH_UP.stretch(later_s, duration_s)
    assert CATCH_UP.stretch(later_s, duration_s) <= 1.25


@given(st.floats(-10, 2.9), st.floats(0.01, 10))
def test_a_piece_that_need_not_be_hurried_fully_ends_in_time(
    start_s: float, duration_s: float
) -> None:
    stretch = CATCH_UP.stretch(start_s, duration_s)
    if stretch < CATCH_UP.max_stretch:
        assert start_s + duration_s / stretch <= CATCH_UP.end_offset_s + 1e-9


@given(st.floats(-10, 100), st.floats(0, 30))
def test_without_catching_up_nothing_is_hurried(late_s: float, duration_s: float) -> None:
    policy = Unhurried()
    assert policy.pause_s(0.2, late_s) == 0.2
    assert policy.voice_speed(late_s) == policy.stretch(late_s, duration_s) == 1.0


@pytest.mark.parametrize(
    ("name", "streaming", "expected"),
    [
        ("end-offset", True, CATCH_UP),
        (
            "end-offset",
            False,
            ByEndOffset(end_offset_s=9.0, max_voice_speed=1.2, max_stretch=1.25),
        ),
    ],
)
def test_catching_up_is_chosen_by_name(name: str, streaming: bool, expected: CatchUp) -> None:
    config = TtsConfig(
        catch_up=name,
        end_offset_s=3.0,
        complete_end_offset_s=9.0,
        max_voice_speed=1.2,
        max_stretch=1.25,
    )
    assert make_catch_up(config, streaming=streaming) == expected
    none = make_catch_up(TtsConfig(catch_up="none"), streaming=streaming)
    assert isinstance(none, Unhurried)
