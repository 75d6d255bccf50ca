import numpy as np
import pytest

from live_translator.audio.framer import Framer


@pytest.mark.parametrize("chunk", [1, 160, 512, 8000])
def test_frames_do_not_depend_on_how_the_input_is_cut(chunk: int) -> None:
    samples = np.arange(3000, dtype=np.float32)
    framer = Framer(512)
    frames = [
        frame for at in range(0, 3000, chunk) for frame in framer.push(samples[at : at + chunk])
    ]
    assert [len(frame) for frame in frames] == [512] * 5
    assert np.array_equal(np.concatenate([*frames, framer.rest()]), samples)
    assert len(framer.rest()) == 0


def test_a_frame_has_at_least_one_sample() -> None:
    with pytest.raises(ValueError, match="at least 1 sample"):
        Framer(0)
