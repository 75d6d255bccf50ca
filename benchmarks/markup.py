"""HTML and SVG from Python: text is escaped unless it says that it is markup."""

from html import escape

_VOID = frozenset({"input", "link", "meta"})


class Markup(str):
    """Text that is HTML already. Only `tag`, `join` and our own files make any."""

    __slots__ = ()


def tag(
    name: str, /, *children: str | None, raw: bool = False, **attributes: str | float | bool | None
) -> Markup:
    """Return an element; children that are not `Markup` are escaped, None is left out.

    An attribute `class_` is `class`, `data_at` is `data-at`; False and None leave it out,
    True writes its name alone. `raw` children are the inside of script and style, where HTML
    knows no escapes: only for text that is ours. Raises ValueError where it would end early.
    """
    pairs = "".join(
        f" {_attribute(key)}" if value is True else f' {_attribute(key)}="{escape(_text(value))}"'
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _VOID:
        return Markup(f"<{name}{pairs}>")
    inside = "".join(child for child in children if child) if raw else join(*children)
    if raw and "</" in inside:
        raise ValueError(f"the text of <{name}> must not contain '</'")
    return Markup(f"<{name}{pairs}>{inside}</{name}>")


def join(*parts: str | None) -> Markup:
    """Return parts one after another, escaped where they are not `Markup`."""
    return Markup(
        "".join(
            part if isinstance(part, Markup) else escape(part, quote=False)
            for part in parts
            if part is not None
        )
    )


def number(value: float) -> str:
    """Return a coordinate as short as two decimals allow: 3, 0.5, 12.25."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _text(value: str | float) -> str:
    return value if isinstance(value, str) else number(value)
