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
from pathlib import Path
from typing import IO

from live_translator.errors import ModelError, SegmentError
from live_translator.languages import Language

log = logging.getLogger(__name__)

_MODES = Path("/usr/share/apertium/modes")
_TIMEOUT_S = 10.0
"""A text takes milliseconds; after this long a program of the chain hangs."""
_SENTENCE_END = ".[][\n]"
"""What Apertium's own deformatter puts behind a paragraph, so that rules see its end."""
_RESERVED = re.compile(r"[\\\[\]{}^$<>/@]")
"""The stream format's own characters, written with a backslash before them."""
_UNSPEAKABLE = re.compile(r"[\0~]")
"""NUL ends a text; a tilde wakes the post-generator. Neither is ever spoken."""
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_HYPHEN_IN_WORD = re.compile(r"(?<=\w)-(?=\w)")
_MARK = re.compile(r"(?<!\w)[*#](?=\w)")
"""Marks of unknown words and of forms that could not be generated."""


class ApertiumTranslator:
    """One direction of an Apertium pair; satisfies `interfaces.Translator`.

    A chain that died or hung is started anew for the next text. Not thread-safe: the MT
    thread alone calls it.
    """

    name = "apertium"
    forces_prefix = False

    def __init__(self, source: Language, target: Language) -> None:
        """Start the chain; raises ModelError naming the packages to install."""
        if not self.available(source, target):
            pair = "-".join(sorted((source.iso3, target.iso3)))
            raise ModelError(
                f"Apertium for {source.name} to {target.name} is not installed: run "
                f"`sudo apt-get install apertium apertium-{pair}`, or use `--profile balanced`"
            )
        self._commands = _commands(_mode(source, target))
        self._chain: list[subprocess.Popen[bytes]] = []
        self._start()

    @classmethod
    def available(cls, source: Language, target: Language) -> bool:
        """Whether the pair's mode is installed; starts nothing."""
        return _mode(source, target).is_file() and shutil.which("lt-proc") is not None

    def translate(self, source: str, *, prefix: str = "") -> str:  # noqa: ARG002 - not forced
        """Return the translation of one sentence; raises SegmentError."""
        text = _HYPHEN_IN_WORD.sub(" ", " ".join(_UNSPEAKABLE.sub(" ", source).split()))
        if not text:
            return ""
        data = (_RESERVED.sub(r"\\\g<0>", text) + _SENTENCE_END).encode("utf-8") + b"\0"
        try:
            answer = self._ask(data)
        except BrokenPipeError:
            # It died since the last text, killed from outside perhaps: that one is free.
            log.warning("Apertium ended by itself; starting it again")
            self._start()
            try:
                answer = self._ask(data)
            except BrokenPipeError as error:
                raise SegmentError("Apertium ends whenever it is given this text") from error
        target = answer.decode("utf-8", errors="replace").strip()
        target = _ESCAPED.sub(r"\1", target.removesuffix(_SENTENCE_END.strip()))
        return _MARK.sub("", target).strip()

    def close(self) -> None:
        """End the chain's programs; idempotent."""
        for process in self._chain:
            process.kill()
        for process in self._chain:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()
            process.wait()
        self._chain = []

    def _start(self) -> None:
        self.close()
        upstream: int | IO[bytes] | None = subprocess.PIPE
        for command in self._commands:
            # A session of its own: the terminal's Ctrl-C ends the talk, not the chain,
            # which still has the last words to translate.
            process = subprocess.Popen(
                command,
                stdin=upstream,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                start_new_session=True,
            )
            if self._chain and self._chain[-1].stdout is not None:
                # Only the next program reads it, so that one's end is seen by the other.
                self._chain[-1].stdout.close()
            self._chain.append(process)
            upstream = process.stdout

    def _ask(self, data: bytes) -> bytes:
        """Write a text and read up to its NUL; raises BrokenPipeError, SegmentError."""
        first, last = self._chain[0].stdin, self._chain[-1].stdout
        if first is None or last is None:
            raise BrokenPipeError
        first.write(data)
        answer = b""
        with selectors.DefaultSelector() as selector:
            selector.register(last, selectors.EVENT_READ)
            while not answer.endswith(b"\0"):
                if not selector.select(_TIMEOUT_S):
                    self._start()
                    raise SegmentError(f"Apertium gave no answer in {_TIMEOUT_S:.0f} s")
                piece = os.read(last.fileno(), 1 << 16)
                if not piece:
                    raise BrokenPipeError
                answer += piece
        if not answer.strip(b"\0 \n"):
            # A program of the chain that lost its input answers with nothing but NULs.
            raise BrokenPipeError
        return answer[:-1]


def _mode(source: Language, target: Language) -> Path:
    return _MODES / f"{source.iso3}-{target.iso3}.mode"


def _commands(mode: Path) -> list[list[str]]:
    """Return the programs of a mode, each told to flush at NUL and to mark nothing unknown.

    In a mode file `$1` stands for the generator's way to show unknown words (-n: as they
    are) and `$2` for options of the tagger (none).
    """
    pipeline = mode.read_text(encoding="utf-8").replace("$1", "-n").replace("$2", "")
    commands = [shlex.split(part) for part in pipeline.split("|")]
    return [[program, "-z", *options] for program, *options in commands]
