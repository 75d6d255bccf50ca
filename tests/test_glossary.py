"""Terms read from a file and found in a text."""
# ruff: noqa: RUF001 - letters and marks that look like others

from pathlib import Path

import pytest

from live_translator import text_file
from live_translator.errors import ConfigError
from live_translator.glossary import Glossary, Term


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "terms.tsv"
    path.write_bytes(content)
    return path


def test_a_file_gives_terms_with_targets_and_sounds(tmp_path: Path) -> None:
    content = (
        "\ufeff# our names\r\n\r\nSiobhan\t\tShivawn, Shevaun \r\n"
        "New  York\tNueva York\r\nGrafana\r\n   # more\r\nsprint\titeración\r\nsprint\titeración"
    )
    terms = Glossary.read(written(tmp_path, content.encode())).terms
    assert terms == (
        Term("Siobhan", "Siobhan", ("Shivawn", "Shevaun")),
        Term("New York", "Nueva York"),
        Term("Grafana", "Grafana"),
        Term("sprint", "iteración"),
    )
    assert [term.is_name for term in terms] == [True, True, True, False]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "has no terms"),
        (b"# nothing\n\n", "has no terms"),
        (b"Zo\xeb\tZo\xeb", "save it as UTF-8"),
        (b"a\tb\tc\td", "line 1: 4 columns"),
        (b"Anna\n\tBerta", "line 2: nothing before the tab"),
        (b"Anna\nAnna\tAna", "line 2: 'Anna' stands above"),
        (b"new-york\tNueva York\nNew York\tYork", "line 2: 'New York' stands above"),
        (b"one two three four five six seven eight nine", "line 1: 'one two"),
        (b"x" * 101, "is too long"),
        (b"An\x07na", "control character"),
        (b"--\tx", "has no letter"),
        (b"\n".join(b"name%d" % number for number in range(1001)), "leave at most 1000"),
        (b"x" * (text_file.MAX_BYTES + 1), "larger than 1 MB"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_line_and_fix(
    tmp_path: Path, content: bytes, complaint: str
) -> None:
    path = written(tmp_path, content)
    with pytest.raises(ConfigError, match=complaint) as caught:
        Glossary.read(path)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot read the glossary .*none\.tsv: No such file"):
        Glossary.read(tmp_path / "none.tsv")


TERMS = Glossary(
    [
        *(Term(name, name) for name in ("Grafana", "York", "C++", "Jones", "İzmir", "Izmit")),
        Term("New York", "Nueva York"),
        Term("new", "nuevo"),
        Term("sprint", "iteración"),
        Term("東京", "Tokio"),
    ]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the grafana dashboard", ["grafana"]),
        ("New York and York", ["New York", "York"]),
        ("New-York's parks", ["New-York+'s"]),
        ("New  York", ["New  York"]),
        ("two Grafanas, Grafana’s and Jones'", ["Grafana+s", "Grafana+’s", "Jones+'"]),
        ("news, Yorker, Joneses, Grafanax", []),
        ("a sprint, several sprints", ["sprint"]),
        ("C++ is (c++).", ["C++", "c++"]),
        ("İzmir, ızmit, IZMIT", ["İzmir", "IZMIT"]),
        ("私は東京に", ["東京"]),
        ("", []),
    ],
)
def test_terms_are_found_as_whole_words_the_longest_first(text: str, expected: list[str]) -> None:
    found = [
        text[match.begin : match.end] + ("+" + match.ending if match.ending else "")
        for match in TERMS.matches(text)
    ]
    assert found == expected


def test_the_way_back_has_the_columns_the_other_way_round() -> None:
    there = Glossary([Term("sprint", "iteración"), Term("run", "Iteración"), Term("Ana", "Ana")])
    assert there.reversed().terms == (Term("iteración", "sprint"), Term("Ana", "Ana"))
