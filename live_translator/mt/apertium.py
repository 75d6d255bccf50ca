"""Apertium, rule-based translation: its chain of programs kept open, a text at a time.

Starting the chain costs far more than a sentence does. Each program of a pair's mode file
takes `-z`: it flushes and resets at a NUL. So the chain stays open, and a text goes in
and comes out between two NULs. See the Apertium wiki, "Null flush" and "Apertium stream
format".
"""

import contextlib
import logging
import os
import re
import selectors
import shlex
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from live_translator.errors import EngineError, ModelError
from live_translator.languages import Language

log = logging.getLogger(__name__)

_MODES = Path("/usr/share/apertium/modes")
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8"}
"""The programs fail at once in a locale that was not generated."""
_TIMEOUT_S = 10.0
"""A text takes milliseconds, the first one under a second: by now a program hangs."""
_PIECE_BYTES = 1 << 16
"""What a pipe holds on Linux; read and written at most at a time."""
_PACKAGED = ("eng-spa", "eng-cat", "spa-cat", "spa-ita", "fra-cat", "por-cat", "cat-ita", "rus-ukr")
"""Pairs of our languages in Debian, by the name of their package: no rule gives the order."""

_RESERVED = re.compile(r"[\\\[\]{}^$<>/@]")
"""The stream format's own characters, written with a backslash before them."""
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f-\x9f~]")
"""Control characters, the NUL that ends a text among them, and the tilde, which wakes the
post-generator: none is ever spoken."""
_SOFT_HYPHEN = "\u00ad"
_HYPHEN_IN_WORD = re.compile(r"(?<=[^\W\d_])-(?=\w)|(?<=\w)-(?=[^\W\d_])")
"""A word with a hyphen is unknown to the dictionaries, its parts are not; 1939-1945 stays."""
END = b".[]"
"""What Apertium's own deformatter puts behind a paragraph, so that rules see its end."""
_MARKS = "*#@"
"""Unknown word, form that could not be generated, no translation: rare in spite of `-n`."""


class ApertiumTranslator:
    """One direction of an Apertium pair; satisfies `interfaces.Translator`.

    A chain that died is started anew, one that hung as well, for the next text. Not
    thread-safe: the MT thread alone calls it.
    """

    name = "apertium"
    forces_prefix = False

    def __init__(self, source: Language, target: Language) -> None:
        """Start the chain; raises ModelError naming the packages to install."""
        if not self.available(source, target):
            raise ModelError(_how_to_install(source, target))
        self._commands = commands(source, target)
        self._chain: _Chain | None = _Chain(self._commands)

    @classmethod
    def available(cls, source: Language, target: Language) -> bool:
        """Whether the pair's mode and its programs are installed; starts nothing."""
        mode = _mode(source, target)
        return mode.is_file() and all(
            shutil.which(program) for program, *_ in commands(source, target)
        )

    def translate(self, source: str, *, prefix: str = "") -> str:  # noqa: ARG002 - not forced
        """Return the translation of one sentence; raises EngineError, ModelError."""
        text = _plain(source)
        return from_stream(self._ask(to_stream(text)), text) if text else ""

    def close(self) -> None:
        """End the chain's programs; idempotent."""
        if self._chain is not None:
            self._chain.close()
            self._chain = None

    def _ask(self, text: bytes) -> bytes:
        """Ask the chain; one that died is started anew, once for the same text."""
        for _ in range(2):
            if self._chain is None:
                self._chain = _Chain(self._commands)
            try:
                return self._chain.ask(text)
            except TimeoutError as error:
                self.close()
                raise EngineError(
                    f"Apertium gave no answer in {_TIMEOUT_S:.0f} s: this sentence is left out, "
                    "the next one starts it again"
                ) from error
            except EOFError:
                # Killed from outside since the last text, perhaps: worth a second try.
                log.warning("Apertium ended by itself; starting it again")
                self.close()
        raise EngineError(
            "Apertium ends when it is given this sentence, which is left out: if it does so "
            "for every sentence, reinstall its packages"
        )


class _Chain:
    """Programs in a row, the output of each the input of the next."""

    def __init__(self, commands: Sequence[Sequence[str]]) -> None:
        """Start them; raises ModelError if one cannot be started."""
        self._processes: list[subprocess.Popen[bytes]] = []
        self._asked = 0
        upstream: int | IO[bytes] | None = subprocess.PIPE
        for command in commands:
            try:
                process = subprocess.Popen(
                    command,
                    stdin=upstream,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    bufsize=0,
                    env=ENVIRONMENT,
                    # A session of its own: the terminal's Ctrl-C ends the talk, not the
                    # chain, which still has the last words to translate.
                    start_new_session=True,
                )
            except OSError as error:
                self.close()
                raise ModelError(
                    f"Apertium's {command[0]} cannot be started ({error}): reinstall its packages"
                ) from error
            if self._processes:
                # Only the next program reads it, so each sees the end of the other.
                _pipe(self._processes[-1].stdout).close()
            self._processes.append(process)
            upstream = process.stdout
        os.set_blocking(_pipe(self._processes[0].stdin).fileno(), False)

    def ask(self, text: bytes) -> bytes:
        """Return what comes out for a text in the stream format.

        Raises EOFError if a program ended, TimeoutError if one hangs; the chain is then
        of no further use.
        """
        # The blank with a number comes through untouched and tells a whole answer from what
        # a dying chain leaves behind.
        self._asked += 1
        number = b"[%d]" % self._asked
        unsent = memoryview(text + END + number + b"\0")
        answer = bytearray()
        deadline_s = time.monotonic() + _TIMEOUT_S
        first = _pipe(self._processes[0].stdin).fileno()
        last = _pipe(self._processes[-1].stdout).fileno()
        with selectors.DefaultSelector() as selector:
            selector.register(first, selectors.EVENT_WRITE)
            selector.register(last, selectors.EVENT_READ)
            while not answer.endswith(b"\0"):
                ready = selector.select(max(0.0, deadline_s - time.monotonic()))
                if not ready:
                    raise TimeoutError
                for key, _ in ready:
                    if key.fd == last:
                        piece = os.read(last, _PIECE_BYTES)
                        if not piece:
                            raise EOFError
                        answer += piece
                        continue
                    try:
                        unsent = unsent[os.write(first, unsent[:_PIECE_BYTES]) :]
                    except BrokenPipeError as error:
                        raise EOFError from error
                    if not unsent:
                        selector.unregister(first)
        whole = bytes(answer[:-1])
        if not whole.endswith(number):
            raise EOFError
        return without_end(whole.removesuffix(number))

    def close(self) -> None:
        """Kill the programs and wait for them; idempotent."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()
            process.wait()
        self._processes = []


def to_stream(text: str) -> bytes:
    """Return a text, on one line, in the stream format."""
    return _RESERVED.sub(r"\\\g<0>", _plain(text)).encode("utf-8", errors="ignore")


def without_end(answer: bytes) -> bytes:
    """Return what a chain made of a text, without what it made of its `END`."""
    return answer.removesuffix(b"[]").removesuffix(b".")


def from_stream(answer: bytes, source: str) -> str:
    """Return the text that a chain answered, without marks that the source does not have."""
    text = _ESCAPED.sub(r"\1", answer.decode("utf-8", errors="replace"))
    for mark in _MARKS:
        if mark not in source:
            text = text.replace(mark, "")
    return text.strip()


def _plain(text: str) -> str:
    """Return a text on one line, with the characters that Apertium reads well."""
    text = _UNSPEAKABLE.sub(" ", text.replace(_SOFT_HYPHEN, ""))
    return _HYPHEN_IN_WORD.sub(" ", " ".join(text.split()))


def _mode(source: Language, target: Language) -> Path:
    return _MODES / f"{source.iso3}-{target.iso3}.mode"


def commands(source: Language, target: Language) -> list[list[str]]:
    """Return the programs of a pair, each told to flush at NUL and to mark nothing unknown.

    In a mode file `$1` stands for the generator's way to show unknown words (-n: as they
    are) and `$2` for options of the tagger (none).
    """
    mode = _mode(source, target).read_text(encoding="utf-8")
    pipeline = mode.replace("$1", "-n").replace("$2", "")
    parts = [shlex.split(part) for part in pipeline.split("|")]
    return [[program, "-z", *options] for program, *options in parts]


def _how_to_install(source: Language, target: Language) -> str:
    languages = f"{source.name}-{target.name}"
    for pair in _PACKAGED:
        if set(pair.split("-")) == {source.iso3, target.iso3}:
            return (
                f"Apertium with {languages} is not installed: run `sudo apt-get install apertium "
                f"apertium-{pair}`, or use `--profile balanced`"
            )
    return f"Apertium has no package for {languages}: use `--profile balanced`"


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """Return a stream that is known to be a pipe."""
    if stream is None:
        raise EOFError
    return stream
