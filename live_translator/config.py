"""The one home of every tunable: its default, bounds, unit, reason and source.

A configuration is built in layers, later over earlier: the defaults here, the
profile's TOML (`configs/NAME.toml`), the user's TOML (`--config`), the flags.
"""

import dataclasses
import tomllib
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from live_translator.errors import ConfigError
from live_translator.languages import AUTO
from live_translator.text_file import read_text

SAMPLE_RATE_HZ = 16_000
"""What every recogniser and voice detector here takes; sources resample to it."""

OUTPUT_RATE_HZ = 24_000
"""Kokoro's native rate; other voices are resampled to it."""

PROFILES = ("embedded", "balanced", "quality")
"""From the lightest to the best; `auto` picks the best whose models are on disk."""

_SHOWN_CHARACTERS = 60
"""Of a wrong value in an error's sentence."""

_DATA = Path(__file__).parent / "_data"


def _knob(
    default: Any,
    why: str,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] | None = None,
) -> Any:
    """Declare a tunable: its default, why it is what it is, and what it may be."""
    metadata = {"why": why, "low": low, "high": high, "choices": choices}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureConfig:
    """Source, voice activity and endpointing."""

    speech_threshold: float = _knob(
        0.5, "P(speech) at which speech begins; Silero's own default", low=0.05, high=0.95
    )
    silence_threshold: float = _knob(
        0.35, "P(speech) below which it pauses: Silero's hysteresis of 0.15", low=0.01, high=0.95
    )
    min_speech_s: float = _knob(0.1, "shorter bursts are clicks, not words", low=0.0, high=2.0)
    min_silence_s: float = _knob(
        1.0,
        "a pause this long ends the utterance and commits its last, doubtful words: with less, "
        "words beside shorter pauses are heard worse (benchmarks/RESULTS.md)",
        low=0.1,
        high=5.0,
    )
    complete_min_silence_s: float = _knob(
        0.5,
        "the same in complete mode, where nothing is said before: longer than the pauses inside "
        "read clauses (0.2-0.4 s), short enough not to add to the delay",
        low=0.1,
        high=5.0,
    )
    pre_roll_s: float = _knob(
        0.6,
        "kept from before the detector fired, so that first phonemes are whole",
        low=0.0,
        high=2.0,
    )
    max_utterance_s: float = _knob(
        20.0,
        "Whisper's window is 30 s; past this a short pause ends the utterance",
        low=4.0,
        high=28.0,
    )
    buffer_s: float = _knob(
        30.0, "audio held for a late pipeline before it is dropped and counted", low=1.0, high=600.0
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EchoConfig:
    """Our own voice in the microphone, where microphone and loudspeakers share a room."""

    policy: str = _knob(
        "guard",
        "guard mutes the microphone while the program speaks but for what it is sure that somebody "
        "else says, with the program's own voice cancelled: an interpreter that goes deaf while it "
        "speaks, as gate does, loses most of a talk. off is for headphones (--headphones)",
        choices=("guard", "gate", "off"),
    )
    leak_db: float = _knob(
        -16.0,
        "how much of our voice is taken to be left behind the filter, against what it cancels: "
        "loudspeakers that distort leave about -20 dB",
        low=-40.0,
        high=0.0,
    )
    open_db: float = _knob(
        2.0,
        "by how much what is left must stand above what our voice and noise explain, over the "
        "bands of the voice, to be somebody else: with 1 dB echoes pass, with 3 dB soft words go",
        low=0.0,
        high=20.0,
    )
    hold_s: float = _knob(
        0.6,
        "somebody who was heard is let through so much longer: closures, soft endings and pauses "
        "between words; with 0.4 s three times as many words are cut, at 0.8 s echoes follow",
        low=0.0,
        high=2.0,
    )
    unsure_s: float = _knob(
        1.1,
        "of our first speech, in which who did not talk before is muted while our voice is not "
        "found: the longest lag that is searched, and 0.2 s to find it",
        low=0.0,
        high=5.0,
    )
    unfound_db: float = _knob(
        -17.0,
        "a share of what is heard above which our voice would have been found by then",
        low=-60.0,
        high=0.0,
    )
    lag_memory_s: float = _knob(
        0.4, "over which our voice is looked for; as long as a syllable or two", low=0.05, high=5.0
    )
    lag_score: float = _knob(
        8.0, "deviations of chance that our voice stands out by; chance reaches 6", low=4, high=50
    )
    left_memory_s: float = _knob(
        0.2, "the same in what the filter leaves, where haste is worth more", low=0.05, high=5.0
    )
    left_score: float = _knob(
        7.0, "the same there, among fewer lags, of which chance reaches 5", low=4, high=50
    )
    moved_doubt: float = _knob(
        0.1,
        "share of what was learnt of the room that is doubted when our voice comes at another "
        "lag: a lag is found to a sample, and half a sample's error is 0.1 at 3 kHz",
        low=0.0,
        high=10.0,
    )
    gate_reach_s: float = _knob(
        0.7,
        "gate: how long after it should have ended our voice may be heard, the longest delay of "
        "sound cards and 0.1 s of room",
        low=0.0,
        high=1.0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AsrConfig:
    """Streaming recognition."""

    model: str = _knob("whisper-base", "a Whisper entry of models/manifest.toml")
    compute_type: str = _knob(
        "int8",
        "CTranslate2's quantisation; int8 is the fastest on AVX2",
        choices=("int8", "int8_float32", "float32", "int8_float16", "float16"),
    )
    device: str = _knob(
        "cpu",
        "'cuda' is an NVIDIA GPU; needs CUDA 12's cuBLAS, which CTranslate2 looks for",
        choices=("cpu", "cuda"),
    )
    threads: int = _knob(
        1,
        "CPU threads of the recogniser: on two cores a second one saves a sixth of a decode when "
        "nothing else runs, and where anything does each layer waits for the slower of the two "
        "(beside a compiler, decodes of 14 s; with one thread 0.8 s: benchmarks/RESULTS.md)",
        low=1,
        high=64,
    )
    stride_s: float = _knob(
        0.4, "new audio before the utterance is decoded again", low=0.1, high=10.0
    )
    policy: str = _knob(
        "alignatt",
        "what of a growing text is committed: what one hypothesis says far enough behind the end "
        "of the audio (alignatt), what two in a row say (agreement), or either, one by itself "
        "only where the model is sure (sure-or-agreed). Over 417 s alignatt is 0.11 s earlier "
        "than agreement for 0.2 points of WER, and first audio 0.9 s (benchmarks/RESULTS.md)",
        choices=("agreement", "alignatt", "sure-or-agreed"),
    )
    commit_margin_s: float = _knob(
        0.3,
        "a word that ends this close to the end of the audio is not committed yet",
        low=0.0,
        high=5.0,
    )
    doubt_margin_s: float = _knob(
        1.0,
        "the same for a word that the model doubts: it may hear it better with what follows",
        low=0.0,
        high=10.0,
    )
    sure_probability: float = _knob(
        0.7, "of a word's least likely token, from which on the model is sure", low=0.0, high=1.0
    )
    mark_margin_s: float = _knob(
        0.6,
        "how far behind a word the audio goes on before the mark after it is committed: sooner, "
        "the end of the audio looks like the end of a sentence",
        low=0.0,
        high=5.0,
    )
    alone_margin_s: float = _knob(
        0.6,
        "sure-or-agreed: how far behind the end of the audio one hypothesis is enough",
        low=0.0,
        high=5.0,
    )
    alone_probability: float = _knob(
        0.95, "sure-or-agreed: of a word for which one hypothesis is enough", low=0.0, high=1.0
    )
    beam_size: int = _knob(
        1, "greedy while streaming: 16 ms a token, beam 5 costs thrice", low=1, high=10
    )
    final_beam_size: int = _knob(
        1, "of an utterance's last decode, which commits all that is left", low=1, high=10
    )
    complete_beam_size: int = _knob(5, "Whisper's own default, for --mode complete", low=1, high=10)
    padding_s: float = _knob(
        2.0,
        "silence after the speech in the features: with less the decoder loops, with more the "
        "encoder pays (measured on base: 8 s of speech in 10 s 0.15 s, in 30 s 0.65 s)",
        low=0.5,
        high=30.0,
    )
    trim_after_s: float = _knob(
        4.0,
        "a buffer longer than this is cut behind its last committed sentence",
        low=2.0,
        high=28.0,
    )
    max_buffer_s: float = _knob(
        7.0,
        "a buffer longer than this is cut behind a committed word: each second of it has three "
        "words that are forced upon the decoder, at 7 ms a token",
        low=4.0,
        high=28.0,
    )
    kept_s: float = _knob(
        3.5,
        "audio that stays before the end of a buffer that is cut: a word is heard better with "
        "the words before it than with their text alone",
        low=0.0,
        high=12.0,
    )
    max_unheard_s: float = _knob(
        2.0,
        "speech after the last recognised word from which on the decoder is taken to be deaf in "
        "its context and gets none: it had gone on so for 16 s where a new talk began",
        low=1.0,
        high=30.0,
    )
    context_s: float = _knob(
        6.0,
        "audio of the utterance before, kept with its committed words forced: without it the "
        "first words after a pause are guessed from a fraction of a second",
        low=0.0,
        high=15.0,
    )
    max_context_gap_s: float = _knob(
        3.0, "after a longer pause the utterance before is no context", low=0.0, high=30.0
    )
    prompt_words: int = _knob(
        40,
        "words of scrolled-out text given back as context; Whisper takes up to 224 tokens",
        low=0,
        high=120,
    )
    name_likeness: float = _knob(
        0.6,
        "how alike a name of the glossary and doubtful words must sound before the recogniser is "
        "asked which it hears: of 3,400 words of FLORES 5 % reach it with 57 names, sure or not",
        low=0.3,
        high=1.0,
    )
    common_likeness: float = _knob(
        0.8,
        "the same for words that Whisper has a token for: 'in the next' sounds like Nginx (0.73)",
        low=0.3,
        high=1.0,
    )
    name_doubt: float = _knob(
        0.7,
        "probability, of the least likely word, up to which words may be a name misheard: of 12 "
        "names heard as something else in synthetic speech the surest had 0.56",
        low=0.0,
        high=1.0,
    )
    name_gain: float = _knob(
        6.0,
        "how much likelier, as a natural logarithm, the audio must be with the name than with the "
        "words, for each phone and unit of likeness below even_likeness; above, it may be less "
        "likely by as much. What sounds alike at length is seldom chance",
        low=0.0,
        high=100.0,
    )
    even_likeness: float = _knob(
        0.73,
        "likeness at which a name must fit the audio as well as the words: names misheard had "
        "0.60 to 1.00 (median 0.8), other words 0.58 to 0.76 (benchmarks/RESULTS.md)",
        low=0.0,
        high=1.0,
    )
    no_speech_threshold: float = _knob(
        0.6,
        "drop a text whose P(no speech) is above it and whose log-probability is low; "
        "Whisper's own default (Radford et al. 2022, section 4.5)",
        low=0.0,
        high=1.0,
    )
    min_logprob: float = _knob(
        -1.0,
        "mean token log-probability under which a text is doubted; Whisper's own default",
        low=-10.0,
        high=0.0,
    )
    max_tokens_per_s: float = _knob(
        12.0,
        "more tokens than this per second of audio is a loop: fast speech has about 6",
        low=4.0,
        high=50.0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentificationConfig:
    """Which language an utterance is in, where that is not told."""

    earliest_s: float = _knob(
        1.2,
        "audio of an utterance before Whisper is asked: asked from 0.8 s on it takes English for "
        "Spanish or Spanish for English in 3 of 121 recordings, from 1.2 s on in 2, after 1.5 s "
        "in the mean (benchmarks/RESULTS.md)",
        low=0.2,
        high=10.0,
    )
    again_s: float = _knob(0.4, "audio before it is asked again: a stride", low=0.1, high=10.0)
    sure_share: float = _knob(
        0.98,
        "of the candidates' probability, from which on the likeliest is taken at once",
        low=0.5,
        high=1.0,
    )
    latest_s: float = _knob(
        3.0, "audio after which the likeliest is taken in any case", low=0.4, high=25.0
    )
    stay_odds: float = _knob(
        20.0,
        "with --src auto, how many times likelier the language of the utterance before is than "
        "another: a talk seldom changes its language",
        low=1.0,
        high=1e6,
    )
    turn_silence_s: float = _knob(
        0.5,
        "capture.min_silence_s where the language is found by utterance: people answer sooner "
        "than one pauses for breath, and what both said must not be one utterance",
        low=0.2,
        high=5.0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MtConfig:
    """Chunk-aware translation."""

    engines: tuple[str, ...] = _knob(
        ("opus-mt", "firefox", "compact", "apertium", "whisper-translate"),
        "tried in order for the language pair, those that are on disk: an MT entry of "
        "models/manifest.toml or a family of it ('opus-mt', 'firefox'), 'compact' (the "
        "program's own, English and Spanish), 'apertium', or 'whisper-translate' (speech to "
        "English text)",
    )
    device: str = _knob(
        "cpu",
        "as asr.device, of the models of the manifest; the compact one stays on the CPU, where "
        "a sentence takes 15 ms",
        choices=("cpu", "cuda"),
    )
    threads: int = _knob(
        1,
        "CPU threads of the translator: on two cores a second one doubles the compact model's CPU "
        "time and gains nothing, and where anything else runs the two may wait for each other at "
        "every step (a sentence of 15 ms then took 3 s)",
        low=1,
        high=64,
    )
    beam_size: int = _knob(
        1,
        "while streaming: greedy, for large models; the compact one has time for 4 "
        "(configs/embedded.toml), which is worth 0.4 BLEU",
        low=1,
        high=10,
    )
    complete_beam_size: int = _knob(
        4, "NLLB's and OPUS-MT's usual beam, for --mode complete", low=1, high=10
    )
    policy: str = _knob(
        "auto",
        "what is committed of a growing sentence: what two translations in a row share "
        "(agreement), all but the last words (holdback), or what is both (agreed-holdback); "
        "attention commits what was made from older source words, where the engine says (else "
        "agreement). auto is holdback where the engine can be forced to go on from the committed "
        "words, agreed-holdback where it cannot: the knees in benchmarks/RESULTS.md",
        choices=("auto", "holdback", "agreement", "agreed-holdback", "attention"),
    )
    holdback_words: int = _knob(
        3,
        "last target words kept back while the sentence grows: they still depend on what follows "
        "(hold-n, Liu et al. 2020). With 3 all of the quality stays, with 2 a fiftieth goes and a "
        "word of lag (benchmarks/RESULTS.md)",
        low=0,
        high=20,
    )
    attention_words: int = _knob(
        2,
        "last source words that a word may not look at to be safe: the newest are the ones whose "
        "meaning the next may change (AlignAtt, Papi et al. 2023)",
        low=0,
        high=20,
    )
    deadline: str = _knob(
        "clause",
        "when a translation is committed that the policy still holds back: none; deadline_s after "
        "its source (time); or already when its clause has ended (clause), which costs no BLEU "
        "and saves up to a word of lag (benchmarks/RESULTS.md)",
        choices=("none", "time", "clause"),
    )
    deadline_s: float = _knob(
        4.0,
        "source seconds: a long clause. Hold-back and agreement seldom take that long in similar "
        "languages; it bounds drafts that never agree and waits for another word order",
        low=0.5,
        high=60.0,
    )
    word_order_wait: str = _knob(
        "auto",
        "auto waits for more of the source where the languages put the verb in different places "
        "(mt/word_order.py); none never does",
        choices=("auto", "none"),
    )
    min_confidence: float = _knob(
        -1.0,
        "of the compact model, a token's mean log-probability under which Apertium says the "
        "sentence: what it makes of nonsense. BLEU is the same from -9 to -0.7 (RESULTS.md)",
        low=-20.0,
        high=0.0,
    )
    max_sentence_words: int = _knob(
        40, "a sentence longer than this is cut, so that the context stays bounded", low=8, high=200
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TtsConfig:
    """Speech and playback."""

    voice: str = _knob("auto", "a Kokoro voice, or 'espeak'; auto takes the language's first")
    threads: int = _knob(
        2,
        "CPU threads of the synthesiser: it divides its work in larger pieces than recognition",
        low=1,
        high=64,
    )
    first_clause_words: int = _knob(
        2, "enough to start speaking when nothing is playing", low=1, high=30
    )
    clause_words: int = _knob(
        8, "a clause is cut at a breathing place from this length on", low=2, high=60
    )
    max_clause_words: int = _knob(
        14, "and at any word from this length on; Kokoro takes 510 phonemes", low=4, high=60
    )
    catch_up: str = _knob(
        "end-offset",
        "how late speech is hurried: end-offset by how late a piece would end, none never, so "
        "that a translation longer than its source falls ever further behind",
        choices=("end-offset", "none"),
    )
    end_offset_s: float = _knob(
        3.0,
        "how long after the speaker a translation should have been said; what would be later "
        "is hurried (the knee between hurry and delay in benchmarks/RESULTS.md)",
        low=0.5,
        high=60.0,
    )
    complete_end_offset_s: float = _knob(
        15.0,
        "the same in complete mode: an utterance of usual length can be said in that time",
        low=0.5,
        high=600.0,
    )
    max_voice_speed: float = _knob(
        1.2,
        "the voice's own speed when hurried, which saves synthesis (Kokoro is 1.12 times "
        "faster then, and clips last words above 1.3)",
        low=1.0,
        high=1.3,
    )
    max_stretch: float = _knob(
        1.25,
        "and the waveform's, pitch kept; faster, listeners tire and Whisper understands less",
        low=1.0,
        high=2.0,
    )
    starving_s: float = _knob(
        1.5,
        "speech left to play under which a short piece is spoken: the next words come within "
        "about a second, and a few take 0.3-0.5 s to synthesise",
        low=0.0,
        high=5.0,
    )
    sentence_pause_s: float = _knob(
        0.2,
        "breath after a sentence, when not behind; read speech takes 0.3-0.5 s",
        low=0.0,
        high=2.0,
    )
    clause_pause_s: float = _knob(
        0.1, "breath after a comma, when not behind; about half of a sentence's", low=0.0, high=2.0
    )
    buffer_s: float = _knob(
        30.0, "speech waiting at the sound card before synthesis pauses", low=1.0, high=600.0
    )
    away_s: float = _knob(
        15.0,
        "speech that waits while the loudspeaker is unplugged, the newest: at full hurry a "
        "listener is back in the present half a minute later",
        low=0.0,
        high=600.0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueConfig:
    """Capacities, in messages, of the channels between the stages."""

    speech: int = _knob(1024, "capture to ASR: 32 s in pieces of 32 ms", low=1, high=100_000)
    transcripts: int = _knob(64, "ASR to MT: about 40 s at one a stride", low=1, high=100_000)
    translations: int = _knob(64, "MT to TTS: a minute of segments", low=1, high=100_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionsConfig:
    """The file of captions for a streaming program."""

    file_columns: int = _knob(
        42,
        "cells of a line, a wide character two: the usual limit of broadcasters' style guides",
        low=8,
        high=200,
    )
    file_lines: int = _knob(
        2, "more would hide the picture, and nobody could read them in time", low=1, high=20
    )
    clear_after_s: float = _knob(
        6.0,
        "without new words, before the lines go: two full ones take 5-6 s to read at the 15-17 "
        "characters a second of subtitling guides",
        low=1.0,
        high=600.0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryConfig:
    """What is done about models that fail or hang."""

    limit_s: float = _knob(
        30.0,
        "a model call that takes longer hangs: on two busy cores the slowest, a long clause's "
        "synthesis or the decode of 28 s of speech with a beam, took 6 s",
        low=0.5,
        high=600.0,
    )
    restarts: int = _knob(
        3, "of one engine within `per_s`, before it is given up", low=1, high=1000
    )
    per_s: float = _knob(60.0, "see `restarts`", low=1.0, high=86_400.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShutdownConfig:
    """How long stopping may take."""

    grace_s: float = _knob(
        10.0,
        "after the first Ctrl-C, for what was heard to be translated and spoken",
        low=0.0,
        high=600.0,
    )
    join_s: float = _knob(
        2.0, "after an abort, for a thread to come back from a model call", low=0.1, high=60.0
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeConfig:
    """The server: where it listens, whom it lets in, and what it lets them do."""

    host: str = _knob("127.0.0.1", "beyond this machine a token is required")
    port: int = _knob(8765, "above the ports that need rights", low=0, high=65_535)
    allowed_origins: tuple[str, ...] = _knob(
        (), "pages of other sites that may use it, such as https://talks.example"
    )
    allowed_hosts: tuple[str, ...] = _knob(
        (),
        "names besides localhost by which it may be called without a token: another site's name "
        "that leads here is an attack (DNS rebinding)",
    )
    max_sessions: int = _knob(
        16, "talks at once, speaking or not: each has some ten threads", low=1, high=10_000
    )
    max_core_busy: float = _knob(
        0.65,
        "of each core's time, what the engines may need for all talks: two cores hold two "
        "steady speakers with speech and four without, and no more (benchmarks/RESULTS.md)",
        low=0.05,
        high=10.0,
    )
    max_busy: float = _knob(
        1.1,
        "of one engine's time, the same: a little over 1, since nobody talks without a pause",
        low=0.1,
        high=10.0,
    )
    pressed_busy: float = _knob(
        0.25,
        "of the recogniser's time, what a talk needs where others wait for it: alone it takes "
        "0.76, in smaller steps; as one of four 0.25, and is in time (benchmarks/RESULTS.md)",
        low=0.01,
        high=1.0,
    )
    session_busy: float = _knob(
        0.3,
        "of one core's time, what a talk needs at least, though it may be silent now",
        low=0.01,
        high=1.0,
    )
    load_window_s: float = _knob(
        30.0, "over which that is measured: a few utterances", low=1.0, high=600.0
    )
    retry_after_s: int = _knob(15, "when those who are refused may ask again", low=1, high=3600)
    jobs: int = _knob(
        2, "requests over HTTP that use the engines at once; they take turns", low=1, high=64
    )
    waiting_jobs: int = _knob(8, "requests that wait for that; more are refused", low=0, high=1000)
    requests_per_s: float = _knob(
        10.0, "from one address, requests and connections, lastingly", low=0.1, high=10_000.0
    )
    requests_burst: float = _knob(
        60.0, "and at once: a page and its parts, a few reconnections", low=1.0, high=100_000.0
    )
    connections: int = _knob(
        8, "from one address at once: a person's devices behind one router", low=1, high=10_000
    )
    resume_s: float = _knob(
        30.0, "a talk whose connection broke is kept: a lift, a tunnel", low=0.0, high=600.0
    )
    start_s: float = _knob(
        10.0, "for a client to say what it wants once it is connected", low=0.5, high=600.0
    )
    idle_s: float = _knob(
        60.0, "without a message, not even a ping, from a client", low=1.0, high=3600.0
    )
    send_s: float = _knob(
        10.0, "for a client to take one message: it reads no more", low=0.1, high=600.0
    )
    max_talk_s: float = _knob(
        14_400.0, "a talk longer than four hours was left running", low=1.0, high=1e6
    )
    max_message_bytes: int = _knob(
        262_144, "1.3 s of sound at 96 kHz, and more than any event", low=1024, high=16_777_216
    )
    messages_per_s: float = _knob(
        250.0, "frames of 5 ms with some to spare", low=1.0, high=100_000.0
    )
    max_speed: float = _knob(
        1.5, "how much faster than it is spoken sound may come, lastingly", low=1.0, high=1000.0
    )
    ahead_s: float = _knob(
        35.0,
        "sound that may come at once: what was recorded while a connection was resumed",
        low=1.0,
        high=3600.0,
    )
    waiting_frames: int = _knob(
        256, "messages with sound that wait for the talk before the socket does", low=1, high=65_536
    )
    stall_s: float = _knob(
        2.0,
        "without sound from a client before the time counts as a gap, not as delay",
        low=0.1,
        high=60.0,
    )
    kept_bytes: int = _knob(
        3_000_000,
        "of what a talk says, 60 s of speech, kept for a client that reads slowly or resumes; "
        "one that is further behind is let go",
        low=10_000,
        high=1_000_000_000,
    )
    max_recording_s: float = _knob(
        3600.0, "of one recording that is sent as a whole", low=1.0, high=86_400.0
    )
    max_upload_bytes: int = _knob(
        104_857_600, "an hour of good MP3, ten minutes of CD", low=1024, high=10_737_418_240
    )
    upload_s: float = _knob(
        300.0, "for a request to arrive: 100 MiB at 3 Mbit/s", low=1.0, high=86_400.0
    )
    max_text_chars: int = _knob(
        10_000, "of one request, all its texts together: five pages", low=1, high=10_000_000
    )
    max_texts: int = _knob(128, "in one batch", low=1, high=100_000)
    max_rooms: int = _knob(16, "at once; each may hold a conversation", low=0, high=10_000)
    room_members: int = _knob(
        16, "in one room, listening or speaking: a class, a meeting", low=1, high=1000
    )
    room_languages: int = _knob(
        4,
        "in one room: each speaker is translated into all but his own, and the voice of one takes "
        "0.3 of a core (benchmarks/RESULTS.md)",
        low=1,
        high=100,
    )
    room_busy: float = _knob(
        0.8,
        "of one engine's time: beyond it no one else in a room may speak. People in a room take "
        "turns, so that a silent microphone there is not counted as a talk is",
        low=0.1,
        high=1.0,
    )
    room_utterances: int = _knob(
        200, "that a room remembers for who comes late: half an hour", low=0, high=10_000
    )
    speaks_per_s: float = _knob(
        0.5, "how often somebody in a room may begin to speak, after ten times", low=0.01, high=100
    )
    max_speech_chars: int = _knob(
        1000, "to be spoken in one request: a minute of speech", low=1, high=100_000
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A whole run, resolved."""

    source: str = _knob("en", "language heard, or auto")
    target: str = _knob("es", "language spoken")
    two_way: bool = _knob(False, "whether the target is heard too, and then translated back")
    profile: str = _knob("embedded", "which models", choices=PROFILES)
    mode: str = _knob(
        "streaming",
        "'streaming' speaks during the utterance, 'complete' after it",
        choices=("streaming", "complete"),
    )
    pace: str = _knob(
        "realtime",
        "files: as a microphone delivers, or as fast as the machine can",
        choices=("realtime", "fast"),
    )
    glossary: str = _knob("", "a TSV of names and terms (glossary.py); empty is none")
    capture: CaptureConfig = field(default_factory=CaptureConfig)
    echo: EchoConfig = field(default_factory=EchoConfig)
    asr: AsrConfig = field(default_factory=AsrConfig)
    identification: IdentificationConfig = field(default_factory=IdentificationConfig)
    mt: MtConfig = field(default_factory=MtConfig)
    tts: TtsConfig = field(default_factory=TtsConfig)
    queues: QueueConfig = field(default_factory=QueueConfig)
    captions: CaptionsConfig = field(default_factory=CaptionsConfig)
    recovery: RecoveryConfig = field(default_factory=RecoveryConfig)
    shutdown: ShutdownConfig = field(default_factory=ShutdownConfig)
    serve: ServeConfig = field(default_factory=ServeConfig)

    @property
    def endpointing(self) -> CaptureConfig:
        """What capture goes by in this mode."""
        if self.mode == "complete":
            silence_s = self.capture.complete_min_silence_s
        elif self.two_way or self.source == AUTO:
            silence_s = self.identification.turn_silence_s
        else:
            return self.capture
        return dataclasses.replace(self.capture, min_silence_s=silence_s)

    def as_dict(self) -> dict[str, Any]:
        """Return plain tables, as they would stand in TOML."""
        return dataclasses.asdict(self)


def load(profile: str, path: Path | None = None, flags: Mapping[str, Any] | None = None) -> Config:
    """Resolve a configuration: defaults, profile, the user's file, flags.

    `flags` holds top-level keys and dotted ones (`tts.voice`); values of None are absent.
    Raises ConfigError naming the key and what is allowed.
    """
    layers: list[tuple[str, Mapping[str, Any]]] = []
    builtin = profile_path(profile)
    layers.append((builtin.name, _read_toml(builtin)))
    if path is not None:
        layers.append((str(path), _read_toml(path)))
    layers.append(("command line", _nested(flags or {})))
    merged: dict[str, Any] = {}
    for origin, layer in layers:
        _check_table(Config, layer, origin, "")
        _merge(merged, layer)
    merged["profile"] = profile
    config: Config = _build(Config, merged)
    _check_relations(config)
    return config


def profile_path(profile: str) -> Path:
    """Return the TOML of a built-in profile; raises ConfigError for an unknown name."""
    if profile not in PROFILES:
        raise ConfigError(f"unknown profile {profile!r}: choose one of {', '.join(PROFILES)}")
    return data_path("configs") / f"{profile}.toml"


def data_path(name: str) -> Path:
    """Return where a folder of the project's data lies, installed or in a checkout."""
    installed = _DATA / name
    return installed if installed.exists() else Path(__file__).parent.parent / name


def _read_toml(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(read_text(path, "configuration"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    except ValueError as error:  # Python reads integers of up to 4300 digits
        raise ConfigError(f"{path} is not valid TOML: a number has too many digits") from error
    except RecursionError as error:
        raise ConfigError(f"{path} is nested too deeply: settings stand in one table") from error


def _nested(flags: Mapping[str, Any]) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for dotted, value in flags.items():
        if value is None:
            continue
        *parents, leaf = dotted.split(".")
        table = tables
        for parent in parents:
            table = table.setdefault(parent, {})
        table[leaf] = value
    return tables


def _merge(into: dict[str, Any], layer: Mapping[str, Any]) -> None:
    for key, value in layer.items():
        if isinstance(value, Mapping):
            _merge(into.setdefault(key, {}), value)
        else:
            into[key] = value


def _check_table(cls: type, table: Mapping[str, Any], origin: str, prefix: str) -> None:
    """Check one layer by itself, so that an error can say which file it is in."""
    hints = typing.get_type_hints(cls)
    fields = {f.name: f for f in dataclasses.fields(cls)}
    for key, value in table.items():
        name = f"{prefix}{key}"
        if key not in fields:
            allowed = ", ".join(f"{prefix}{known}" for known in fields)
            raise ConfigError(f"{origin}: unknown key {_brief(name)}; allowed here: {allowed}")
        hint = hints[key]
        if dataclasses.is_dataclass(hint):
            if not isinstance(value, Mapping):
                raise ConfigError(f"{origin}: {name} must be a table, [{name}]")
            _check_table(typing.cast("type", hint), value, origin, f"{name}.")
        else:
            _check_value(name, value, hint, fields[key].metadata, origin)


def _check_value(
    name: str, value: Any, hint: Any, metadata: Mapping[str, Any], origin: str
) -> None:
    expected = {
        float: "a number",
        int: "a whole number",
        str: "a string",
        bool: "true or false",
    }.get(hint, "a list of strings")
    if not _fits(value, hint):
        raise ConfigError(f"{origin}: {name} must be {expected}, not {_brief(value)}")
    low, high, choices = (metadata.get(key) for key in ("low", "high", "choices"))
    if choices and value not in choices:
        allowed = ", ".join(choices)
        raise ConfigError(f"{origin}: {name} must be one of {allowed}, not {_brief(value)}")
    if low is not None and not low <= value <= high:
        raise ConfigError(f"{origin}: {name} must be between {low} and {high}, not {_brief(value)}")


def _brief(value: Any) -> str:
    """Return a value for an error's sentence, of whatever length it is."""
    try:
        text = repr(value)
    except ValueError:  # an integer with more digits than Python writes
        return "such a number"
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def _fits(value: Any, hint: Any) -> bool:
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if hint in (str, bool):
        return isinstance(value, hint)
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _build(cls: Any, table: Mapping[str, Any]) -> Any:
    hints = typing.get_type_hints(cls)
    values: dict[str, Any] = {}
    for key, value in table.items():
        hint = hints[key]
        if dataclasses.is_dataclass(hint):
            values[key] = _build(hint, value)
        elif typing.get_origin(hint) is tuple:
            values[key] = tuple(value)
        else:
            values[key] = hint(value) if hint in (float, int) else value
    return cls(**values)


def _check_relations(config: Config) -> None:
    capture, asr, tts = config.capture, config.asr, config.tts
    ordered = (
        (
            "capture.silence_threshold",
            capture.silence_threshold,
            "capture.speech_threshold",
            capture.speech_threshold,
        ),
        ("asr.trim_after_s", asr.trim_after_s, "asr.max_buffer_s", asr.max_buffer_s),
        ("tts.clause_words", tts.clause_words, "tts.max_clause_words", tts.max_clause_words),
    )
    for low_name, low, high_name, high in ordered:
        if low > high:
            raise ConfigError(f"{low_name} ({low}) must not be above {high_name} ({high})")
