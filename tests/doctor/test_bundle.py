"""What a support bundle holds, and what it must not."""

import json
import zipfile
from pathlib import Path

import pytest

from live_translator.doctor import bundle
from live_translator.doctor.bundle import Hider
from live_translator.errors import OutputError


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("/home/ana/models is full", "~ is full".replace("~", "~/models")),
        ("/srv/ana/x", "/srv/(hidden)/x"),
        ("Ana's AirPods", "(hidden)'s AirPods"),
        ("ANA-laptop", "(hidden)-laptop"),
        ("banana", "banana"),
        ("ana_b/ana2", "(hidden)_b/ana2"),
        ("Ana de la Cruz", "(hidden)"),
        ("a monitor of bo", "a monitor of bo"),
    ],
)
def test_homes_and_names_are_replaced_and_words_that_contain_them_are_not(
    text: str, hidden: str
) -> None:
    hide = Hider(["/home/ana", "/"], ["ana", "bo", "", "Ana de la Cruz"])
    assert hide(text) == hidden
    assert hide({"a": [text, 1, None, (text,)]}) == {"a": [hidden, 1, None, [hidden]]}


def test_with_nobody_to_hide_a_text_stays() -> None:
    assert Hider([], [])("as it is") == "as it is"


def test_a_bundle_is_a_zip_of_json_without_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "quetzal"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USER", "quetzal")
    path = tmp_path / "b.zip"
    bundle.require_place(path)
    bundle.write(path, {"checks": [{"says": f"{home}/m is Quetzal's"}], "versions": {"a": "1"}})
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == ["README.txt", "checks.json", "versions.json"]
        contents = {name: archive.read(name).decode() for name in archive.namelist()}
    assert json.loads(contents["checks.json"]) == [{"says": "~/m is (hidden)'s"}]
    assert not any("quetzal" in content.lower() for content in contents.values())


def test_a_bundle_that_cannot_be_written_is_told_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="it is a folder"):
        bundle.require_place(tmp_path)
    with pytest.raises(OutputError, match="cannot write"):
        bundle.require_place(tmp_path / "no" / "b.zip")
    with pytest.raises(OutputError, match="name another file after --bundle"):
        bundle.write(tmp_path, {})
