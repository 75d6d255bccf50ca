import pytest

from benchmarks.markup import join, number, tag


@pytest.mark.parametrize(
    ("made", "html"),
    [
        (tag("p", "a < b & 'c'"), "<p>a &lt; b &amp; 'c'</p>"),
        (tag("p", tag("b", "<i>")), "<p><b>&lt;i&gt;</b></p>"),
        (tag("p", None, "x"), "<p>x</p>"),
        (tag("a", title='"><script>'), '<a title="&quot;&gt;&lt;script&gt;"></a>'),
        (tag("a", class_="x", data_at=1.5), '<a class="x" data-at="1.5"></a>'),
        (tag("a", hidden=True, title=None, open=False), "<a hidden></a>"),
        (tag("td", rowspan=0), '<td rowspan="0"></td>'),
        (tag("meta", name="n"), '<meta name="n">'),
        (tag("style", "a > b { }", raw=True), "<style>a > b { }</style>"),
        (join("<", tag("i"), None), "&lt;<i></i>"),
    ],
)
def test_an_element_escapes_all_that_is_not_markup(made: str, html: str) -> None:
    assert made == html


def test_text_joined_to_markup_by_plus_is_not_markup_any_more() -> None:
    assert tag("p", tag("b") + "<") == "<p>&lt;b&gt;&lt;/b&gt;&lt;</p>"


def test_raw_text_cannot_end_its_element() -> None:
    with pytest.raises(ValueError, match="<script>"):
        tag("script", "x = '</script>'", raw=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.0, "3"), (0.5, "0.5"), (-0.5, "-0.5"), (12.256, "12.26"), (-0.001, "0"), (100, "100")],
)
def test_a_number_is_as_short_as_two_decimals_allow(value: float, text: str) -> None:
    assert number(value) == text
