"""A file that is replaced at once."""

import os
from pathlib import Path

import pytest

from live_translator.captions.whole_file import WholeFile
from live_translator.errors import OutputError
from tests.limits import largest_file


@pytest.mark.parametrize("before", [None, "before"])
def test_a_text_for_which_there_is_no_room_leaves_what_was_there(
    tmp_path: Path, before: str | None
) -> None:
    path = tmp_path / "report.json"
    if before is not None:
        path.write_text(before, "utf-8")
    with largest_file(100), pytest.raises(OutputError, match="choose another"):
        WholeFile(path).replace("x" * 200)
    assert list(tmp_path.iterdir()) == ([] if before is None else [path])
    assert before is None or path.read_text("utf-8") == before


def test_what_is_no_file_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        WholeFile(pipe).replace("text")
        assert os.read(reader, 100) == b"text"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_an_error_names_the_file_as_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError, match=r"^cannot write none/report\.json: there is no folder"):
        WholeFile(Path("none/report.json")).replace("text")
