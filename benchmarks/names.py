"""Names with and without a glossary: heard in synthetic speech, and translated.

    python benchmarks/names.py [--set tuned|seen|unseen ...] [--every N] [--sounds]
    python benchmarks/names.py --talk FILE.tsv [--only PREFIX ...]
    python benchmarks/names.py --translate

The sentences are those of `samples/names.tsv`: Kokoro says each name as it is spelt under
`spoken`. The sets are told apart by what was done with them: the thresholds of `asr/names.py`
were tuned on the first, looked at with the second, and tried on the third. The glossary has
the names of a set, and others up to 50; with `--sounds` the spoken spelling too. With `--talk`
recordings of a manifest, as `recognition.py` takes it, are heard with a glossary of names that
are not in them. Recognition runs in simulated time, see `recognition.py`.
"""

import argparse
import csv
import re
import sys
import tempfile
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jiwer

from benchmarks.recognition import SAMPLES, Recording, normalise, read_manifest, stream
from live_translator import config as settings
from live_translator.asr.names import make_name_hearer
from live_translator.asr.whisper import WhisperTranscriber
from live_translator.config import Config, MtConfig
from live_translator.glossary import Glossary, Term
from live_translator.interfaces import Translator
from live_translator.languages import language
from live_translator.messages import Samples, Transcript
from live_translator.model_store import ModelStore
from live_translator.mt.engines import choose
from live_translator.mt.glossary import GlossedTranslator
from live_translator.mt.streaming import TranslateProcessor
from live_translator.mt.text import translate_lines
from live_translator.tts.kokoro import KokoroSynthesizer

SENTENCES = SAMPLES.parent / "names.tsv"
_TERMS = 50
_PAUSE_S = 0.8
"""Silence around a sentence, so that its last word is not cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence with names, and how they are said."""

    group: str
    voice: str
    terms: tuple[str, ...]
    spoken: tuple[str, ...]
    template: str

    @property
    def text(self) -> str:
        """The sentence as it should be written."""
        return self.template.format(*self.terms)


def read_sentences(path: Path = SENTENCES) -> list[Sentence]:
    """Return all sentences of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Sentence(
                group=row["set"],
                voice=row["voice"],
                terms=tuple(row["terms"].split("|")),
                spoken=tuple(row["spoken"].split("|")),
                template=row["sentence"],
            )
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def make_glossary(
    sentences: Sequence[Sentence], group: str, *, sounds: bool = False, count: int = _TERMS
) -> Glossary:
    """Return the names of a set, and of the others until there are `count`."""
    first = [sentence for sentence in sentences if sentence.group == group]
    others = [sentence for sentence in sentences if sentence.group != group]
    terms: dict[str, Term] = {}
    for sentence in [*first, *others]:
        for name, said in zip(sentence.terms, sentence.spoken, strict=True):
            spelt = (said,) if sounds and said != name else ()
            terms.setdefault(name, Term(name, name, spelt))
    return Glossary(list(terms.values())[:count])


def count_names(text: str, names: Sequence[str]) -> list[int]:
    """Return how often each name is in a normalised text, as whole words or a possessive."""
    return [
        len(re.findall(rf"(?<![\w']){re.escape(normalise(name))}(?:'s)?(?![\w'])", text))
        for name in names
    ]


def heard(
    recordings: Sequence[Recording],
    transcriber: WhisperTranscriber,
    config: Config,
    glossary: Glossary | None,
    names: Sequence[str],
) -> str:
    """Return, for a table, what of the names was heard, and the word error rate."""
    hearer = make_name_hearer(glossary, language("en"), config.asr) if glossary else None
    right = said = false = 0
    references, texts = [], []
    for recording in recordings:
        messages = stream(recording.path, transcriber, config, names=hearer)
        text = normalise("".join(message.committed for message in messages))
        reference = normalise(recording.transcript)
        pairs = zip(count_names(reference, names), count_names(text, names), strict=True)
        for wanted, found in pairs:
            said += wanted
            right += min(wanted, found)
            false += max(0, found - wanted)
        references.append(reference)
        texts.append(text)
    wer = jiwer.wer(references, texts)
    return f"{right:>4} of {said:<4} {false:>5}  {wer:>6.1%}"


def save(path: Path, samples: Samples, rate_hz: int) -> None:
    """Write speech with silence around it."""
    silence = b"\0\0" * int(_PAUSE_S * rate_hz)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate_hz, 0, "NONE", ""))
        file.writeframes(silence + (samples * 32767).astype("<i2").tobytes() + silence)


def recorded(sentences: Sequence[Sentence], folder: Path, store: ModelStore) -> list[Recording]:
    """Say sentences into a folder, voice after voice."""
    found: list[Recording] = []
    for voice in sorted({sentence.voice for sentence in sentences}):
        kokoro = KokoroSynthesizer(
            store.path("kokoro") / "kokoro-v1.0.int8.onnx",
            store.path("kokoro-voices") / "voices-v1.0.npz",
            language("en"),
            voice,
        )
        for sentence in sentences:
            if sentence.voice == voice:
                path = folder / f"{len(found)}.wav"
                said = sentence.template.format(*sentence.spoken)
                save(path, kokoro.synthesize(said), kokoro.sample_rate_hz)
                found.append(
                    Recording(name=path.stem, path=path, language="en", transcript=sentence.text)
                )
    return found


def streamed(translator: Translator, source: str) -> str:
    """Return what is committed of a sentence's translation as it comes word by word."""
    pair = (language("en"), language("es"))
    stage = TranslateProcessor(translator, MtConfig(), lambda: 0.0, coalesce=False, pair=pair)
    words = source.split()
    said = [
        segment.target
        for number, word in enumerate(words)
        for segment in stage.process([_transcript(number, word, final=number == len(words) - 1)])
    ]
    return " ".join(part for part in said if part)


def translate(sentences: Sequence[Sentence], store: ModelStore) -> None:
    """Print the share of sentences whose Spanish has each name once."""
    names = [term for sentence in sentences for term in sentence.terms]
    glossary = Glossary([Term(name, name) for name in dict.fromkeys(names)])
    print(f"{'engine':<12} {'glossary':<10} names right: whole, streamed")
    for engine_name in ("compact", "apertium"):
        config = MtConfig(engines=(engine_name,))
        engine = choose(language("en"), language("es"), config, store, complete=False)
        if engine is None:
            continue
        glossed = GlossedTranslator(engine, glossary, language("en"), language("es"))
        for label, translator in (("without", engine), ("with", glossed)):
            rights = []
            texts = [sentence.text for sentence in sentences]
            whole = [line.text for line in translate_lines(translator, texts)]
            for said in (whole, [streamed(translator, text) for text in texts]):
                right = [
                    set(count_names(normalise(text), sentence.terms)) == {1}
                    for text, sentence in zip(said, sentences, strict=True)
                ]
                rights.append(f"{sum(right)} of {len(right)}")
            print(f"{engine_name:<12} {label:<10} {', '.join(rights)}", flush=True)
        engine.close()


def main() -> int:
    """Print a row without and a row with the glossary for each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    sentences = read_sentences()
    groups = list(dict.fromkeys(sentence.group for sentence in sentences))
    parser.add_argument("--set", nargs="*", dest="groups", choices=groups, default=groups)
    parser.add_argument("--every", type=int, default=1, help="take each Nth sentence")
    parser.add_argument("--sounds", action="store_true", help="the glossary says how names sound")
    parser.add_argument("--talk", type=Path, metavar="FILE.tsv", help="a manifest without names")
    parser.add_argument("--only", nargs="*", default=[], metavar="PREFIX")
    parser.add_argument("--translate", action="store_true", help="text alone, to Spanish")
    options = parser.parse_args()
    store = ModelStore.default()
    if options.translate:
        translate(sentences[:: options.every], store)
        return 0
    config = settings.load("embedded")
    transcriber = WhisperTranscriber(store.path(config.asr.model), "en", config.asr)
    print(f"{'speech':<12} {'glossary':<10} names heard  false  WER")
    with tempfile.TemporaryDirectory() as folder:
        for group in [options.talk.stem] if options.talk else options.groups:
            if options.talk:
                recordings = read_manifest(options.talk, options.only)
            else:
                chosen = [sentence for sentence in sentences if sentence.group == group]
                recordings = recorded(chosen[:: options.every], Path(folder), store)
            glossary = make_glossary(sentences, group, sounds=options.sounds)
            names = [term.source for term in glossary.terms]
            for label, held in (("without", None), ("with", glossary)):
                row = heard(recordings, transcriber, config, held, names)
                print(f"{group:<12} {label:<10} {row}", flush=True)
    return 0


def _transcript(number: int, word: str, *, final: bool) -> Transcript:
    """Return a word as the recogniser commits it, three a second."""
    return Transcript(
        utterance=0,
        start_s=number / 3,
        end_s=(number + 2) / 3,
        captured_at_s=0.0,
        emitted_at_s=0.0,
        final=final,
        committed=f" {word}" if number else word,
        speech_end_s=(number + 1) / 3,
    )


if __name__ == "__main__":
    sys.exit(main())
