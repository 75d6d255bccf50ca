"""The source clock at both paces."""

from live_translator.timeline import Timeline


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_in_real_time_things_happen_when_they_happen() -> None:
    clock = Clock()
    timeline = Timeline(clock, realtime=True)
    timeline.start()
    clock.now_s += 3.0
    assert timeline.at(1.0) == timeline.now_s() == 3.0
    assert timeline.since_start(101.0) == 1.0


def test_at_full_pace_things_happen_when_their_audio_ends() -> None:
    timeline = Timeline(Clock(), realtime=False)
    timeline.start()
    assert timeline.at(2.0) == 2.0
    assert timeline.at(1.5) == 1.5
    assert timeline.now_s() == 2.0


def test_the_origin_can_be_the_first_samples_arrival() -> None:
    clock = Clock()
    timeline = Timeline(clock, realtime=True)
    timeline.start(98.0)
    assert timeline.elapsed_s() == 2.0
