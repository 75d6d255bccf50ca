"""What of a text stays as it is, letter by letter."""

import pytest

from live_translator.mt.addresses import AddressKind, addresses


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("Write to ana.lopez+news@mail.example.com.", "EMAIL", "ana.lopez+news@mail.example.com"),
        ("See https://example.org/a?b=1&c=2.", "WEB", "https://example.org/a?b=1&c=2"),
        ("Look at www.example.org/help, please.", "WEB", "www.example.org/help"),
        ("Mira example.com.", "WEB", "example.com"),
        ("My IP is 10.0.0.1.", "WEB", "10.0.0.1"),
        ("Mira docs.example.co.uk/guia para más.", "WEB", "docs.example.co.uk/guia"),
        ("Ask @ana_lopez about it.", "HANDLE", "@ana_lopez"),
        ("Use #verano2024 today.", "HASHTAG", "#verano2024"),
        ("Open report_2024.pdf now.", "FILE", "report_2024.pdf"),
        ("Abre /etc/hosts.", "FILE", "/etc/hosts"),
        ("It is in ~/notes/todo.txt.", "FILE", "~/notes/todo.txt"),
        (r"It is in C:\Users\ana\notes.txt.", "FILE", r"C:\Users\ana\notes.txt"),
        ("Call 555-1234.", "PHONE", "555-1234"),
        ("Call (202) 555-0143 now.", "PHONE", "(202) 555-0143"),
        ("Call 202-555-0143.", "PHONE", "202-555-0143"),
        ("Llama al +34 600 123 456.", "PHONE", "+34 600 123 456"),
        ("Llama al 912 34 56 78.", "PHONE", "912 34 56 78"),
        ("Llama al 600 123 456.", "PHONE", "600 123 456"),
    ],
)
def test_an_address_is_found_without_the_marks_around_it(
    text: str, kind: str, expected: str
) -> None:
    (found,) = addresses(text)
    assert (found.kind, found.text) == (AddressKind[kind], expected)
    assert text[found.begin : found.end] == expected


@pytest.mark.parametrize(
    "text",
    [
        "It is the end.It goes on.",
        "1995-1996 and 3-1",
        "100 000 000 people, 55 000 barrels, 1.250.000 euros",
        "either/or and 3/4 of km/h",
        "We are #1 and number 7.",
        "at 7:30 on 12/25/2024",
        "e.g. this, i.e. that",
        "200 pages in 1999.",
        "Hola.",
        "",
    ],
)
def test_what_only_looks_like_an_address_is_none(text: str) -> None:
    assert addresses(text) == ()


def test_several_addresses_come_in_their_order() -> None:
    found = addresses("Write to a@b.com or @bob, or call 555-1234.")
    assert [one.text for one in found] == ["a@b.com", "@bob", "555-1234"]


def test_a_telephone_is_the_same_however_it_is_grouped() -> None:
    (one,), (other,) = addresses("600 123 456"), addresses("600-123-456")
    assert one.key == other.key == "600123456"
