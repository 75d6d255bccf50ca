"""The file that a streaming program reads."""

import os
import threading
from pathlib import Path

import pytest

from live_translator.captions.caption_file import CaptionFile
from live_translator.config import CaptionsConfig
from live_translator.errors import OutputError
from tests.messages import playback, transcript, translation

CONFIG = CaptionsConfig(file_columns=20)


def test_the_newest_lines_are_in_the_file_after_each_segment(tmp_path: Path) -> None:
    path = tmp_path / "captions.txt"
    path.write_text("of yesterday", "utf-8")
    file = CaptionFile(path, CONFIG, lambda: 0.0)
    assert path.read_text("utf-8") == "\n"
    file.on_transcript(transcript(" Good", 1.0))
    file.on_translation(translation(0, "Good morning", "Buenos días"))
    file.on_playback(playback(0, 0, 1))
    assert path.read_text("utf-8") == "Buenos días\n"
    file.on_translation(translation(1, "to all.", "a todos."))
    file.on_translation(translation(2, "", "", final=True))
    assert path.read_text("utf-8") == "Buenos días a todos.\n"
    file.on_translation(translation(3, "So", "Entonces", utterance=1))
    assert path.read_text("utf-8") == "Buenos días a todos.\nEntonces\n"
    file.close()
    file.close()
    assert path.read_text("utf-8") == "\n"
    assert os.listdir(tmp_path) == ["captions.txt"]  # noqa: PTH208 - names alone
    assert all(thread.name != "caption-file" for thread in threading.enumerate())


def test_after_a_silence_the_lines_go(tmp_path: Path) -> None:
    path = tmp_path / "captions.txt"
    now_s = 100.0
    file = CaptionFile(path, CONFIG, lambda: now_s)
    try:
        file.on_translation(translation(0, "Good", "Buenos"))
        now_s += 6.0
        gone = threading.Event()
        for _ in range(100):
            if path.read_text("utf-8") == "\n":
                gone.set()
                break
            gone.wait(0.05)
        assert gone.is_set()
    finally:
        file.close()


def test_a_reader_never_sees_half_of_it(tmp_path: Path) -> None:
    path = tmp_path / "captions.txt"
    line = "x" * 20
    file = CaptionFile(path, CONFIG, lambda: 0.0)
    seen: set[str] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.add(path.read_text("utf-8"))

    reader = threading.Thread(target=read, name="reader")
    reader.start()
    for number in range(500):
        file.on_translation(translation(number, "", line))
    stop.set()
    reader.join(10)
    file.close()
    assert seen <= {"\n", f"{line}\n", f"{line}\n{line}\n"}
    assert f"{line}\n{line}\n" in seen


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "captions.txt", tmp_path / "link.txt"
    link.symlink_to(real)
    file = CaptionFile(link, CONFIG, lambda: 0.0)
    file.on_translation(translation(0, "Good", "Buenos"))
    assert real.read_text("utf-8") == "Buenos\n"
    assert link.is_symlink()
    file.close()


@pytest.mark.parametrize(
    ("name", "part"),
    [("none/captions.txt", "there is no folder"), ("", "no ordinary file"),
     ("/dev/null", "no ordinary file")],
)  # fmt: skip
def test_a_file_that_cannot_be_kept_names_the_fix(tmp_path: Path, name: str, part: str) -> None:
    with pytest.raises(OutputError, match=part):
        CaptionFile(tmp_path / name, CONFIG, lambda: 0.0)
    assert all(thread.name != "caption-file" for thread in threading.enumerate())


def test_a_folder_that_goes_away_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "usb"
    folder.mkdir()
    file = CaptionFile(folder / "captions.txt", CONFIG, lambda: 0.0)
    (folder / "captions.txt").unlink()
    folder.rmdir()
    with pytest.raises(OutputError, match="create it first"):
        file.on_translation(translation(0, "Good", "Buenos"))
    with pytest.raises(OutputError, match="create it first"):
        file.close()
