import io
import logging

import pytest

from live_translator.quoted import Quoted, ShowQuoted


@pytest.mark.parametrize(
    ("text", "says"), [("", "0 words"), ("one", "1 word"), ("a secret of three", "4 words")]
)
def test_words_of_a_talk_read_as_their_number(text: str, says: str) -> None:
    assert str(Quoted(text)) == says


@pytest.mark.parametrize(
    ("shown", "line"), [(False, "lost: 2 words (why)"), (True, "lost: 'my secret' (why)")]
)
def test_a_handler_shows_them_only_where_it_is_asked_to(shown: bool, line: str) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    if shown:
        handler.addFilter(ShowQuoted())
    logger = logging.Logger("a logger of its own")
    logger.addHandler(handler)
    logger.warning("lost: %s (%s)", Quoted("my secret"), "why")
    logger.warning("no arguments")
    assert written.getvalue() == f"{line}\nno arguments\n"
