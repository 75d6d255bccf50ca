"""WhisperLiveKit's own audio processor, run in virtual time instead of behind its server.

https://github.com/QuentinFuxa/WhisperLiveKit: LocalAgreement as in `whisper_streaming`,
behind a voice activity detector; silence is left out and whatever audio is waiting goes
into one decode. Its coroutines run unchanged, on an event loop whose clock is virtual.
"""

import asyncio
import logging
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers.replay import Clock, Committed, Word, committed_at
from benchmarks.peers.whisper_streaming import TRIM_S
from live_translator.config import SAMPLE_RATE_HZ
from live_translator.messages import Samples

FEED_S = 0.04
"""What is sent at a time: the smallest piece that WhisperLiveKit looks at."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop on which waiting takes no time and computing the time that it took.

    What is handed to a thread runs at once, on this one, and its result arrives as much
    later as `clock` says that it took; meanwhile everything else goes on. What the loop
    itself runs costs nothing. `on_call` gets each result, when its call began and when it
    ended. Raises RuntimeError if nothing is left that could ever happen.
    """

    def __init__(self, clock: Clock, on_call: Callable[[Any, float, float], None]) -> None:
        self._leaping = _LeapingSelector()
        self._clock = clock
        self._on_call = on_call
        self.failures: list[Exception] = []
        """What calls raised: whoever awaits them may swallow it."""
        super().__init__(self._leaping)

    def time(self) -> float:
        """Return the virtual time in seconds, from 0."""
        return self._leaping.now_s

    def run_in_executor(  # type: ignore[override]  # any result, any arguments
        self, _executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Run `func` now and return a future that is due when it would have been done."""
        future: asyncio.Future[Any] = self.create_future()
        began_s, measured_s = self.time(), self._clock()
        try:
            result = func(*args)
        except Exception as error:
            self.failures.append(error)
            raise
        ended_s = began_s + self._clock() - measured_s
        self._on_call(result, began_s, ended_s)
        self.call_at(ended_s, _resolve, future, result)
        return future


class _LeapingSelector(selectors.SelectSelector):
    """Where a selector would wait, this one moves the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise RuntimeError("every coroutine waits for another: no time can pass")
            self.now_s += timeout
        return ready


def _resolve(future: asyncio.Future[Any], result: Any) -> None:
    if not future.done():
        future.set_result(result)


class LiveKit:
    """WhisperLiveKit with a loaded model; one `transcribe` per recording."""

    def __init__(self, model: Any, model_dir: Path, language: str, chunk_s: float) -> None:
        """Set WhisperLiveKit up, offline, around a faster-whisper model.

        `chunk_s` of new audio must be waiting before it decodes again; 0, its default,
        decodes without a pause. `model_dir` is where the model came from.
        """
        from whisperlivekit.core import (  # type: ignore[import-not-found]  # noqa: PLC0415
            TranscriptionEngine,
        )

        logging.disable(logging.INFO)
        # The engine exists once a process and would keep the language of the first.
        TranscriptionEngine.reset()
        self._engine = TranscriptionEngine(
            backend_policy="localagreement",
            backend="faster-whisper",
            model_path=str(model_dir),
            lan=language,
            buffer_trimming_sec=TRIM_S,
            asr_coalesce_min_s=chunk_s,
            pcm_input=True,
            warmup_file="",
        )
        # It chooses threads and precision by itself; a comparison needs ours.
        self._engine.asr.model = model

    def transcribe(self, samples: Samples, clock: Clock) -> list[Committed]:
        """Return what it commits of mono float32 samples of `SAMPLE_RATE_HZ`.

        Raises what a decode raised, though WhisperLiveKit itself would go on.
        """
        source_s = len(samples) / SAMPLE_RATE_HZ
        committed: list[Committed] = []

        def on_call(result: Any, began_s: float, ended_s: float) -> None:
            words = [Word(token.text, token.start, token.end) for token in result[0] or ()]
            committed.extend(committed_at(words, min(began_s, source_s), ended_s))

        loop = VirtualLoop(clock, on_call)
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(self._listen(samples))
        if loop.failures:
            raise loop.failures[0]
        return committed

    async def _listen(self, samples: Samples) -> None:
        from whisperlivekit.audio_processor import (  # type: ignore[import-not-found]  # noqa: PLC0415
            AudioProcessor,
        )

        processor = AudioProcessor(transcription_engine=self._engine)
        captions = await processor.create_tasks()
        speaking = asyncio.create_task(speak(samples, processor.process_audio))
        async for _ in captions:
            pass
        await speaking
        await processor.cleanup()


async def speak(samples: Samples, listen: Callable[[bytes], Any]) -> None:
    """Send 16-bit samples as they are spoken, `FEED_S` at a time, then an empty message."""
    pcm = (np.clip(samples, -1, 1) * 32767).astype("<i2")
    loop = asyncio.get_running_loop()
    block = round(FEED_S * SAMPLE_RATE_HZ)
    for start in range(0, len(pcm), block):
        spoken = pcm[start : start + block]
        await asyncio.sleep((start + len(spoken)) / SAMPLE_RATE_HZ - loop.time())
        await listen(spoken.tobytes())
    await listen(b"")
