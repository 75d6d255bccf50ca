"""Run one system over talks, in a process of its own, and score it.

    python -m benchmarks.measure --system streaming --talks talks.json --out part.json

`benchmarks/run.py` calls this once per system, so that memory and processor time are the
system's own and none has been warmed up by another. `talks.json` holds the languages, the
profile and the talks; the result is one `schema.System`.
"""

import argparse
import base64
import dataclasses
import io
import json
import resource
import sys
import wave
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np

from benchmarks import schema, scoring
from benchmarks.metrics import quality
from benchmarks.metrics.resegmentation import soft_slices
from benchmarks.recognition import load, normalise, offline, read_flags
from benchmarks.systems import SYSTEMS, System, varied, warm_up
from benchmarks.talks import Sentence, Talk
from benchmarks.trace import Recorder
from live_translator import config as settings
from live_translator.assembly import Wanted
from live_translator.config import Config
from live_translator.direction import Direction, directions
from live_translator.engines import Engines
from live_translator.messages import Samples
from live_translator.model_store import ModelStore
from live_translator.mt.text import translate_lines

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

_LISTENER = "whisper-base"
"""What judges the speech; the same for all, and named in the report."""
_OPUS_BITS_PER_S = 24_000
"""Speech is good to hear, and a talk's sentences stay small enough for one page."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What all systems of a benchmark have in common."""

    source: str
    target: str
    profile: str
    listen: bool
    """Whether a recogniser judges the speech."""
    talks: tuple[Talk, ...]

    def write(self, path: Path) -> None:
        """Write it for `read`."""
        path.write_text(json.dumps(dataclasses.asdict(self), default=str), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Job":
        """Return what `write` wrote."""
        table = json.loads(path.read_text(encoding="utf-8"))
        talks = tuple(
            Talk(
                name=talk["name"],
                path=Path(talk["path"]),
                seconds=talk["seconds"],
                sentences=tuple(Sentence(**sentence) for sentence in talk["sentences"]),
            )
            for talk in table["talks"]
        )
        return cls(**{**table, "talks": talks})


def measure(job: Job, system: System, folder: Path) -> schema.System:
    """Run a system over every talk in real time; leaves the speech as WAVs in `folder`."""
    store = ModelStore.default()
    config = settings.load(
        job.profile, None, {"source": job.source, "target": job.target, **system.flags}
    )
    (way,) = directions(config)
    with closing(Engines(config, store, speech=True)) as engines:
        warm_up(engines, way)
        runs = [_run(system, config, engines, talk, folder) for talk in job.talks]
    if job.listen:
        listener = _listener(store)
        runs = [
            dataclasses.replace(ran, heard=_heard(listener, folder, ran.talk, job.target))
            for ran in runs
        ]
    longest = max(runs, key=lambda ran: ran.talk.seconds)
    return {
        "name": system.name,
        "what": system.what,
        "setting": system.setting,
        "reference": False,
        "metrics": scoring.metrics(runs),
        "stages": longest.report["stages"],
        "queues": longest.report["queues"],
        "recordings": [_recording(ran, folder) for ran in runs],
    }


def offline_cascade(job: Job) -> schema.System:
    """Return what the same models make of the recordings when nothing is asked of time."""
    store = ModelStore.default()
    config = settings.load(job.profile, None, {"source": job.source, "target": job.target})
    (way,) = directions(config)
    with closing(Engines(config, store, speech=False)) as engines:
        texts = [_offline(engines, way, talk) for talk in job.talks]
    transcripts = [" ".join(s.transcript for s in talk.sentences) for talk in job.talks]
    metrics: dict[schema.MetricKey, float | None] = {
        "wer": quality.wer(transcripts, [source for source, _ in texts])
    }
    judged = [
        (talk, target)
        for talk, (_, target) in zip(job.talks, texts, strict=True)
        if all(sentence.translation for sentence in talk.sentences)
    ]
    references, outputs = [], []
    for talk, target in judged:
        words = target.split()
        anchors = [sentence.translation for sentence in talk.sentences]
        references += anchors
        outputs += [" ".join(words[own]) for own in soft_slices(anchors, words)]
    if references:
        metrics["bleu"] = quality.bleu(references, outputs)
        metrics["chrf"] = quality.chrf(references, outputs)
    return {
        "name": "offline",
        "what": "the same models over whole talks at once, greedy, without a voice: the quality "
        "that time costs",
        "setting": "whole talks",
        "reference": True,
        "metrics": metrics,
        "stages": {},
        "queues": {},
        "recordings": [],
    }


def _offline(engines: Engines, way: Direction, talk: Talk) -> tuple[str, str]:
    source = offline(load(talk.path), engines.transcriber(way)).strip()
    translator = engines.translator(way)
    if translator is None:
        return source, ""
    return source, " ".join(line.text for line in translate_lines(translator, [source]))


def _run(system: System, config: Config, engines: Engines, talk: Talk, folder: Path) -> scoring.Ran:
    recorder = Recorder()
    wanted = Wanted(input=str(talk.path), output=folder / _wav(talk), captions=False)
    run = system.run(config, wanted, engines, listeners=[recorder])
    recorder.timeline = run.timeline
    before_s = _cpu_s()
    with run:
        recorder.depths = run.pipeline.channel_depths
        run.pipeline.run()
    translator = engines.translator(*directions(config))
    return scoring.Ran(
        talk=talk,
        trace=recorder.trace,
        report=run.report(),
        cpu_s=_cpu_s() - before_s,
        anchors=tuple(
            sentence.translation
            or (translator.translate(sentence.transcript) if translator else sentence.transcript)
            for sentence in talk.sentences
        ),
    )


def _recording(ran: scoring.Ran, folder: Path) -> schema.Recording:
    audio = _samples(folder / _wav(ran.talk))
    talk, trace = ran.talk, ran.trace
    return {
        "id": talk.name,
        "seconds": talk.seconds,
        "transcript": " ".join(sentence.transcript for sentence in talk.sentences),
        "translation": " ".join(sentence.translation for sentence in talk.sentences) or None,
        "metrics": scoring.metrics([ran]),
        "words": [
            {
                "text": word.text,
                "start_s": word.start_s,
                "end_s": word.end_s,
                "committed_at_s": word.committed_at_s,
            }
            for word in trace.source
        ],
        "segments": [
            {
                "source": segment.source,
                "target": segment.target,
                "start_s": segment.start_s,
                "end_s": segment.end_s,
                "committed_at_s": elapsed_s,
                "audio_start_s": trace.audio.get(segment.segment, (None, None))[0],
                "audio_end_s": trace.audio.get(segment.segment, (None, None))[1],
            }
            for segment, elapsed_s in zip(trace.segments, trace.segment_elapsed_s, strict=True)
        ],
        "sentences": [_sentence(scored, audio) for scored in scoring.sentences(ran)],
        "depths": [list(depths) for depths in trace.depths],
        "lags": [list(lag) for lag in scoring.lags(ran)],
    }


def _sentence(scored: scoring.Scored, audio: tuple[Samples, int]) -> schema.Sentence:
    samples, rate_hz = audio
    spoken = scored.spoken_s
    return {
        "source": scored.sentence.transcript,
        "reference": scored.sentence.translation or None,
        "hypothesis": scored.hypothesis,
        "start_s": scored.sentence.start_s,
        "end_s": scored.sentence.end_s,
        "end_offset_s": scored.end_offset_s if spoken else None,
        "score": scoring.sentence_score(scored),
        "audio": _opus(samples[int(spoken[0] * rate_hz) : int(spoken[1] * rate_hz)], rate_hz)
        if spoken
        else None,
    }


def _listener(store: ModelStore) -> "WhisperModel":
    from faster_whisper import WhisperModel  # noqa: PLC0415 - heavy

    return WhisperModel(str(store.path(_LISTENER)), device="cpu", compute_type="int8")


def _heard(listener: "WhisperModel", folder: Path, talk: Talk, language: str) -> str:
    segments, _ = listener.transcribe(
        str(folder / _wav(talk)), language=language, condition_on_previous_text=False
    )
    return normalise(" ".join(segment.text for segment in segments))


def _wav(talk: Talk) -> str:
    return f"{talk.path.stem}.out.wav"


def _samples(path: Path) -> tuple[Samples, int]:
    with wave.open(str(path), "rb") as file:
        content = file.readframes(file.getnframes())
        rate_hz = file.getframerate()
    return np.frombuffer(content, "<i2").astype(np.float32) / 32767.0, rate_hz


def _opus(samples: Samples, rate_hz: int) -> str | None:
    """Return speech as a data: URI that browsers play."""
    if not len(samples):
        return None
    packed = io.BytesIO()
    with av.open(packed, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=rate_hz)
        stream.layout = "mono"
        stream.bit_rate = _OPUS_BITS_PER_S
        frame = av.AudioFrame.from_ndarray(
            (samples * 32767.0).astype("<i2")[np.newaxis], format="s16", layout="mono"
        )
        frame.sample_rate = rate_hz
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return "data:audio/ogg;base64," + base64.b64encode(packed.getvalue()).decode("ascii")


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> int:
    """Measure the one system that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--system", choices=sorted(SYSTEMS), required=True)
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE")
    parser.add_argument("--talks", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    system = varied(SYSTEMS[options.system], read_flags(options.set))
    job = Job.read(options.talks)
    folder = options.out.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    result = measure(job, system, folder)
    options.out.write_text(json.dumps(result, allow_nan=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
