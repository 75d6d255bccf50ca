"""Short ways to write the messages that tests are made of."""

from live_translator.messages import Playback, Transcript, Translation


def transcript(
    committed: str,
    end_s: float,
    *,
    final: bool = False,
    utterance: int = 0,
    start_s: float | None = None,
    unstable: str = "",
    translated: str = "",
) -> Transcript:
    return Transcript(
        utterance=utterance,
        start_s=end_s - 1 if start_s is None else start_s,
        end_s=end_s,
        captured_at_s=end_s,
        emitted_at_s=end_s,
        final=final,
        committed=committed,
        unstable=unstable,
        speech_end_s=end_s,
        translated=translated,
    )


def translation(
    segment: int,
    source: str,
    target: str,
    *,
    start_s: float = 0.0,
    end_s: float = 1.0,
    final: bool = False,
    utterance: int = 0,
    skipped: str = "",
) -> Translation:
    return Translation(
        utterance=utterance,
        segment=segment,
        start_s=start_s,
        end_s=end_s,
        captured_at_s=end_s,
        emitted_at_s=end_s + 0.5,
        final=final,
        source=source,
        target=target,
        skipped=skipped,
    )


def playback(
    segment: int,
    start_s: float,
    end_s: float,
    *,
    utterance: int = 0,
    text: str = "",
    skipped: str = "",
) -> Playback:
    return Playback(
        segment=segment,
        utterance=utterance,
        text=text,
        audio_start_s=start_s,
        audio_end_s=end_s,
        skipped=skipped,
    )
