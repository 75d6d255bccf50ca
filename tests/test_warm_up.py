"""The first real call of an engine is not slower than the later ones."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial

import numpy as np
import pytest

from live_translator import config as settings
from live_translator import warm_up
from live_translator.audio.sources import FileSource
from live_translator.direction import directions
from live_translator.engines import Engines
from live_translator.errors import ModelError, SegmentError
from live_translator.messages import Samples
from live_translator.model_store import ModelStore
from live_translator.mt.checked import CheckedTranslator
from tests.conftest import SAMPLE


class Mute:
    """A translator that can say nothing."""

    name = "mute"
    forces_prefix = False

    def translate(self, source: str, *, prefix: str = "") -> str:
        raise SegmentError(f"cannot say {source!r}: say something else")

    def close(self) -> None:
        pass


def test_a_translator_that_fails_on_the_warm_up_is_used_all_the_same_and_it_is_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    engine = Mute()
    with caplog.at_level(logging.WARNING):
        assert warm_up.translator(engine, limit_s=10.0) is engine
    assert "did not warm up" in caplog.text


def test_a_first_call_that_never_comes_back_is_left_behind(
    caplog: pytest.LogCaptureFixture,
) -> None:
    let_go = threading.Event()

    class Hung(Mute):
        def translate(self, source: str, *, prefix: str = "") -> str:
            let_go.wait(30)
            return source

    engine = Hung()
    with caplog.at_level(logging.WARNING):
        assert warm_up.translator(engine, limit_s=0.05) is engine
    assert "the translator did not warm up: no answer within 0.05 s" in caplog.text
    let_go.set()


def test_a_model_that_proves_damaged_on_the_warm_up_is_not_used() -> None:
    class Damaged(Mute):
        def translate(self, source: str, *, prefix: str = "") -> str:
            raise ModelError("it is damaged: fetch it again")

    with pytest.raises(ModelError, match="fetch it again"):
        warm_up.translator(Damaged(), limit_s=10.0)


def cpu_s(call: Callable[[], object]) -> float:
    """Seconds of computing, in all threads: other programs on the machine do not count."""
    before_s = time.process_time()
    call()
    return time.process_time() - before_s


@pytest.mark.slow
def test_the_first_call_of_each_loaded_engine_costs_what_later_ones_do(store: ModelStore) -> None:
    source = FileSource(SAMPLE, clock=time.monotonic, realtime=False, buffer_s=30.0)
    sample = np.concatenate([block.samples for block in source.blocks()])
    second = settings.SAMPLE_RATE_HZ

    def calls(engines: Engines) -> dict[str, list[Callable[[], object]]]:
        translator, voice = engines.translator(way), engines.voice(way)
        assert isinstance(translator, CheckedTranslator)
        assert translator.ways.total() == 1, "Apertium has read its dictionaries"
        assert voice is not None

        def hear(samples: Samples) -> object:
            return engines.transcriber(way).listen(samples).decode()

        heard = [sample[start * second : (start + 2) * second] for start in range(1, 6)]
        said = ["the best of times", "the worst of times", "the age of wisdom", "we had nothing"]
        spoken = ["los mejores tiempos", "los peores tiempos", "la edad de la luz"]
        return {
            "asr": [partial(hear, x) for x in heard],
            "mt": [partial(translator.translate, x) for x in said],
            "tts": [partial(voice.synthesize, x) for x in spoken],
        }

    config = settings.load("embedded")
    (way,) = directions(config)
    with closing(Engines(config, store, speech=True)) as engines:
        engines.prepare(way)
        for stage, (first, *later) in calls(engines).items():
            first_s = cpu_s(first)
            assert first_s < 2 * max(cpu_s(call) for call in later) + 0.01, stage
