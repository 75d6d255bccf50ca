"""What was said, in a log line: its length alone, unless the user asked to see it.

Standard error is often a file. So words of a talk, or of its translation, are given to a
logger as `Quoted`, and never become part of an error's message.
"""

import logging


class Quoted:
    """Text of a talk as an argument of a log line; reads as "7 words"."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        count = len(self.text.split())
        return "1 word" if count == 1 else f"{count} words"


class ShowQuoted(logging.Filter):
    """Lets a handler write the words themselves."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Put the text back into the record's arguments; hold back none."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                repr(arg.text) if isinstance(arg, Quoted) else arg for arg in record.args
            )
        return True
