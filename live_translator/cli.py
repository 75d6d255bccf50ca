"""The command line: arguments → Config → Run → exit code."""

import argparse
import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from live_translator import __version__
from live_translator.arguments import ArgumentParser
from live_translator.captions.text import clean, encodable, escaped
from live_translator.config import PROFILES, Config, load
from live_translator.errors import (
    Interrupted,
    LiveTranslateError,
    OutputError,
    SegmentError,
    UsageError,
)
from live_translator.quoted import ShowQuoted

if TYPE_CHECKING:
    from live_translator.assembly import Run, Wanted
    from live_translator.model_store import ModelStore
    from live_translator.pipeline import Pipeline

_EPILOG = """\
other commands:
  live-translate text      translate lines of text from standard input
  live-translate models    list, get or verify the models
  live-translate doctor    check and measure this machine, say what to mend
  live-translate devices   list microphones and loudspeakers, or test them
  live-translate serve     translate for browsers and other clients

examples:
  live-translate --src en --tgt es
  live-translate --src en --tgt es --input talk.mp3 --output talk.es.wav --subtitles talk.es.srt
"""


log = logging.getLogger(__name__)

_COMMANDS = ("text", "models", "doctor", "devices", "serve")
_NAMED_LINES = 5
"""Of a text, lines that are named in an error: a screen holds no thousand numbers."""

_interrupts: list[int] = []
"""Signals that came before the talk began."""


def _remember_interrupt(number: int, _frame: object) -> NoReturn:
    """Stop at once; where a library swallows the exception as it is imported, a little later."""
    _interrupts.append(number)
    raise KeyboardInterrupt


def entry() -> NoReturn:
    """Run the program and end the process with its exit code.

    A thread that did not come back from a model call in time, or that an interrupt
    left at its loading, would crash in an interpreter that is being torn down: then
    the process ends without that.
    """
    signal.signal(signal.SIGINT, _remember_interrupt)
    _open_missing_streams()
    code = main()
    if code == Interrupted.exit_code or any(thread.daemon for thread in threading.enumerate()):
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        os._exit(code)
    sys.exit(code)


def _open_missing_streams() -> None:
    """Let what was started without standard streams (`<&-`, some launchers) have empty ones.

    Also so that no file of ours is given their numbers, which libraries write to.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - stays open


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code: 0 well, 1 failed, 2 misused, 130 interrupted."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return _command(arguments)
    except LiveTranslateError as error:
        # Names and texts from outside are in it: nothing in them may steer the terminal.
        print(f"live-translate: {escaped(str(error))}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output has gone; a second error while Python flushes at exit
        # would be noise (Python documentation, "Note on SIGPIPE").
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("live-translate: interrupted", file=sys.stderr)
        return Interrupted.exit_code
    except Exception as error:
        log.debug("unexpected", exc_info=True)
        what = escaped(f"{type(error).__name__}: {error}")
        print(
            f"live-translate: this should not have happened ({what}): "
            "report it, with what the same command says with --log-level debug",
            file=sys.stderr,
        )
        return 1


def _command(arguments: list[str]) -> int:
    match arguments[:1]:
        case ["text"]:
            return _text(arguments[1:])
        case ["models"]:
            from live_translator import models_command  # noqa: PLC0415 - start-up time

            return models_command.run(arguments[1:])
        case ["doctor"]:
            from live_translator.doctor import command  # noqa: PLC0415 - start-up time

            return command.run(arguments[1:])
        case ["devices"]:
            from live_translator import devices_command  # noqa: PLC0415 - start-up time

            return devices_command.run(arguments[1:])
        case ["serve"]:
            from live_translator.serve import command as serve_command  # noqa: PLC0415

            return serve_command.run(arguments[1:])
        case [word] if word[:1].isalpha():
            raise UsageError(
                f"there is no command {word!r}: use one of {', '.join(_COMMANDS)}, or begin "
                "with --src and --tgt"
            )
        case _:
            return _translate(arguments)


def _translate(argv: Sequence[str]) -> int:
    options = _parser().parse_args(argv)
    _check_private(options)
    _log_to_stderr(options.log_level, text=options.log_text)
    if options.input is None and options.pace == "fast":
        raise UsageError("--pace fast is for files: name one with --input")
    if options.input is not None and options.input_device is not None:
        raise UsageError("--input-device is for microphones: leave out --input")
    if options.output_device is not None and (options.output is not None or not options.speech):
        raise UsageError("--output-device is for loudspeakers: leave out --output and --no-speech")

    # Imported here, so that --help and a misspelt flag answer at once.
    from live_translator import first_run, report  # noqa: PLC0415
    from live_translator.assembly import Run, Wanted  # noqa: PLC0415
    from live_translator.direction import directions  # noqa: PLC0415
    from live_translator.engines import Engines  # noqa: PLC0415
    from live_translator.languages import AUTO  # noqa: PLC0415
    from live_translator.model_store import ModelStore  # noqa: PLC0415

    store = ModelStore.default()
    config = _config(
        options,
        store,
        {
            "mode": options.mode,
            "pace": options.pace,
            "tts.voice": options.voice,
            "two_way": options.two_way,
            "echo.policy": "off" if options.headphones else None,
        },
    )
    if config.two_way and config.source == AUTO:
        raise UsageError("--two-way needs both languages: name one with --src and one with --tgt")
    wanted = Wanted(
        input=options.input,
        output=options.output,
        input_device=options.input_device,
        output_device=options.output_device,
        subtitles=options.subtitles,
        caption_file=options.caption_file,
        transcript=options.transcript,
        report=options.report,
        speech=options.speech,
        captions=options.captions,
        private=options.private,
    )
    _check_files(wanted, options.glossary)
    first_run.prepare(
        config,
        store,
        speech=wanted.speech,
        yes=options.yes,
        questions=sys.stdin,
        screen=sys.stderr,
    )
    ways = directions(config)
    with contextlib.closing(Engines(config, store, speech=wanted.speech)) as engines:
        if config.source == AUTO:
            engines.transcriber(ways[0])
        else:
            engines.prepare(*ways)
        run = Run(config, wanted, engines)
        with run, _interrupts_go_to(run.pipeline), _keys_go_to(run):
            if wanted.input is None:
                print("listening; Ctrl-C stops", flush=True)
            run.pipeline.run()
    result = run.report()
    print(report.table(result))
    if wanted.input is not None and not run.pipeline.interrupted and not result["words"]["source"]:
        raise LiveTranslateError(
            f"no speech was found in {wanted.input}: check that it is the right recording, "
            f"that it is loud enough, and that --src {config.source} is its language"
        )
    return 0


def _text(argv: Sequence[str]) -> int:
    parser = ArgumentParser(
        prog="live-translate text",
        description="Translate text: one line in from standard input, one line out.",
    )
    _add_common(parser, source_help="language of the text, such as en")
    options = parser.parse_args(argv)
    _log_to_stderr(options.log_level, text=options.log_text)

    from live_translator.glossary import Glossary  # noqa: PLC0415 - start-up time
    from live_translator.languages import AUTO, language  # noqa: PLC0415
    from live_translator.model_store import ModelStore  # noqa: PLC0415
    from live_translator.mt.engines import choose_for_text  # noqa: PLC0415
    from live_translator.mt.glossary import GlossedTranslator  # noqa: PLC0415
    from live_translator.mt.text import lines_of, translate_lines  # noqa: PLC0415

    store = ModelStore.default()
    if options.src == AUTO:
        raise UsageError("the language of a text is not found out: name it, as in --src en")
    config = _config(options, store, {})
    source, target = language(config.source), language(config.target)
    glossary = Glossary.read(Path(config.glossary)) if config.glossary else None
    translator = choose_for_text(source, target, config.mt, store)
    if glossary is not None:
        translator = GlossedTranslator(translator, glossary, source, target)
    untranslated: list[int] = []
    unreadable = 0
    words = config.mt.max_sentence_words
    with contextlib.closing(translator):
        lines = translate_lines(translator, lines_of(sys.stdin), max_words=words)
        for number, line in enumerate(lines, 1):
            _write_line(encodable(clean(line.text), sys.stdout))
            unreadable += line.is_unreadable
            if line.failure is not None:
                untranslated.append(number)
                log.warning("line %d: %s", number, line.failure)
    if unreadable:
        log.warning(
            "%d of the lines have bytes that are no UTF-8, which are left out: convert the text, "
            "as with `iconv -f LATIN1 -t UTF-8`",
            unreadable,
        )
    if untranslated:
        raise SegmentError(_untranslated(untranslated))
    return 0


def _write_line(text: str) -> None:
    """Print a line at once; raises OutputError where there is no room for it."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(
            f"the translation cannot be written ({error.strerror}): free some room, or write it "
            "to another place"
        ) from error


def _untranslated(numbers: Sequence[int]) -> str:
    """Return which lines could not be translated, the first few by number."""
    named = ", ".join(map(str, numbers[:_NAMED_LINES]))
    more = f" and {len(numbers) - _NAMED_LINES} more" if len(numbers) > _NAMED_LINES else ""
    return (
        f"{len(numbers)} of the lines could not be translated wholly (line {named}{more}): what is "
        "left is marked [not translated: ...], shorten it or check its language"
    )


def _config(
    options: argparse.Namespace, store: "ModelStore", flags: dict[str, str | bool | None]
) -> Config:
    from live_translator.languages import AUTO, language  # noqa: PLC0415 - start-up time

    profile = store.best_profile() if options.profile == "auto" else options.profile
    source = options.src if options.src == AUTO else language(options.src).code
    target = language(options.tgt)
    if source == target.code:
        raise UsageError(
            f"--src and --tgt are both {target.name}: choose another language to speak"
        )
    glossary = None if options.glossary is None else str(options.glossary)
    languages = {"source": source, "target": target.code}
    return load(profile, options.config, {**languages, "glossary": glossary, **flags})


def _check_private(options: argparse.Namespace) -> None:
    """Refuse to keep what was said and to write it down."""
    names = ("output", "subtitles", "caption_file", "transcript", "log_text")
    flags = [f"--{name.replace('_', '-')}" for name in names if getattr(options, name)]
    if options.private and flags:
        raise UsageError(
            f"--private writes nothing down of what is said: leave out {' and '.join(flags)}"
        )


def _check_files(wanted: "Wanted", glossary: Path | None) -> None:
    """Refuse to write over what is read, or two things into one file."""
    # realpath, unlike Path.resolve, takes links that lead in a circle, too.
    taken = {}
    if wanted.input not in (None, "-"):
        taken[os.path.realpath(str(wanted.input))] = "--input"
    if glossary is not None:
        taken[os.path.realpath(glossary)] = "--glossary"
    for name in ("output", "subtitles", "caption_file", "transcript", "report"):
        path: Path | None = getattr(wanted, name)
        if path is None or _is_device(path):
            continue
        flag = f"--{name.replace('_', '-')}"
        other = taken.setdefault(os.path.realpath(path), flag)
        if other != flag:
            raise UsageError(f"{flag} {path} is the same file as {other}: choose another name")


def _is_device(path: Path) -> bool:
    try:
        return path.is_char_device()
    except OSError:  # A name that cannot be: who opens it says so.
        return False


@contextlib.contextmanager
def _interrupts_go_to(pipeline: "Pipeline") -> Iterator[None]:
    """Let Ctrl-C and a polite kill end the talk instead of tearing it.

    A thread of its own waits for the byte that Python writes the moment a signal comes.
    Python's handlers run in the main thread alone, which sleeps as the supervisor: where
    the system gives two signals at once to another thread, it would sleep on.
    """
    signals = (signal.SIGINT, signal.SIGTERM)
    reader, writer = socket.socketpair()
    writer.setblocking(False)

    def relay() -> None:
        while numbers := reader.recv(64):
            for number in numbers:
                if number in signals:
                    pipeline.interrupt()

    waiting = threading.Thread(target=relay, name="signals", daemon=True)
    waiting.start()
    previous_fd = signal.set_wakeup_fd(writer.fileno())
    previous = {number: signal.signal(number, lambda *_: None) for number in signals}
    try:
        if _interrupts:
            raise KeyboardInterrupt
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(previous_fd)
        writer.close()
        waiting.join()
        reader.close()


@contextlib.contextmanager
def _keys_go_to(run: "Run") -> Iterator[None]:
    """Let single keys steer the talk, where it is watched from a terminal."""
    from live_translator.keys import HELP, Command, Keyboard  # noqa: PLC0415 - start-up time

    if not (sys.stdin.isatty() and sys.stdout.isatty() and Keyboard.is_at(sys.stdin.fileno())):
        yield
        return
    controls = run.controls
    notice = logging.getLogger("live_translator.notice")

    def obey(command: Command) -> None:
        try:
            match command.action:
                case "pause":
                    said = controls.pause()
                case "mute":
                    said = controls.mute()
                case "swap":
                    said = controls.swap()
                case "speak":
                    said = controls.speak(command.text)
                case "voice":
                    said = controls.voice(command.text)
                case "help":
                    said = HELP
                case "quit":
                    said = "stopping"
                    run.pipeline.interrupt()
        except LiveTranslateError as error:
            said = str(error)
        notice.info(said)

    def ask(question: str) -> None:
        run.question = question

    keyboard = Keyboard(sys.stdin.fileno(), command=obey, prompt=ask)
    try:
        yield
    finally:
        keyboard.close()


class _LineFormatter(logging.Formatter):
    """One line for each message, whatever names and texts are in it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        return escaped(super().formatMessage(record))


def _log_to_stderr(level: str, *, text: bool) -> None:
    """Log from a level on; with `text`, also the words that a line is about."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_LineFormatter("live-translate: %(message)s"))
    if text:
        handler.addFilter(ShowQuoted())
    logging.basicConfig(level=getattr(logging, level.upper()), handlers=[handler])
    # What a person has to know is told at any level.
    logging.getLogger("live_translator.notice").setLevel(logging.INFO)


def _add_common(
    parser: ArgumentParser, *, source_help: str = "language heard, such as en, or auto"
) -> None:
    parser.add_argument("--src", required=True, metavar="LANG", help=source_help)
    parser.add_argument("--tgt", required=True, metavar="LANG", help="language spoken, such as es")
    parser.add_argument(
        "--profile",
        choices=("auto", *PROFILES),
        default="auto",
        help="which models (default: the best whose models are on disk)",
    )
    parser.add_argument(
        "--glossary", type=Path, metavar="FILE.tsv", help="names and terms to hear and to keep"
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE.toml", help="settings over the profile's"
    )
    parser.add_argument(
        "--log-level",
        choices=("debug", "info", "warning", "error"),
        default="warning",
        help="what is said on standard error",
    )
    parser.add_argument(
        "--log-text",
        action="store_true",
        help="with the words of the talk that it is about, which are left out otherwise",
    )


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="live-translate",
        description="Listen to one language and speak another while the speaker is still talking.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"live-translate {__version__}")
    _add_common(parser)
    parser.add_argument(
        "--input",
        metavar="FILE",
        help="a recording, or '-' for 16 kHz mono s16le on standard input (default: microphone)",
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE.wav", help="write the speech instead of playing it"
    )
    parser.add_argument(
        "--input-device",
        metavar="NAME",
        help="a microphone, by number or part of its name (see live-translate devices), or "
        "'system': what this machine plays",
    )
    parser.add_argument(
        "--output-device", metavar="NAME", help="a loudspeaker, by number or part of its name"
    )
    parser.add_argument("--subtitles", type=Path, metavar="FILE", help="write .srt or .vtt")
    parser.add_argument(
        "--caption-file",
        type=Path,
        metavar="FILE",
        help="keep the newest two lines of the translation in a small file, for OBS and the like",
    )
    parser.add_argument("--transcript", type=Path, metavar="FILE", help="write JSON lines")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write latencies as JSON")
    parser.add_argument(
        "--mode",
        choices=("streaming", "complete"),
        help="speak during the utterance (default), or after it with the slower, best settings",
    )
    parser.add_argument(
        "--pace",
        choices=("realtime", "fast"),
        help="files: as a microphone would deliver them (default), or as fast as the machine can",
    )
    parser.add_argument(
        "--no-speech", dest="speech", action="store_false", help="captions only, no voice"
    )
    parser.add_argument(
        "--no-captions", dest="captions", action="store_false", help="no captions in the terminal"
    )
    parser.add_argument(
        "--private",
        action="store_true",
        help="keep what is said in memory: captions on the terminal alone, no file of it",
    )
    parser.add_argument("--voice", metavar="NAME", help="a Kokoro voice, or espeak")
    parser.add_argument(
        "--two-way",
        action="store_true",
        default=None,
        help="a conversation: what is said in either language is spoken in the other",
    )
    parser.add_argument(
        "--headphones",
        action="store_true",
        help="the microphone cannot hear the speech: leave what it hears as it is",
    )
    parser.add_argument(
        "--yes", action="store_true", help="fetch models that are missing without asking"
    )
    return parser
