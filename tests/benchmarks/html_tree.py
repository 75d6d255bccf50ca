"""Read HTML as a tree, strictly: what is opened must be closed, in order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"input", "link", "meta"}


@dataclass(slots=True)
class Node:
    """An element; names of attributes are in lower case, as HTML has them."""

    name: str
    attributes: dict[str, str]
    children: list["Node | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(
            child if isinstance(child, str) else child.text
            for child in self.children
            if isinstance(child, str) or child.name not in ("script", "style")
        )

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def number(self, name: str) -> float:
        return float(self.attributes[name])

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def all(self, name: str = "", class_: str = "", **attributes: str) -> list["Node"]:
        """Return what is inside, of that name, with that class and those attributes."""
        wanted = {key.replace("_", "-"): value for key, value in attributes.items()}
        return [
            node
            for node in self.walk()
            if node is not self
            and (not name or node.name == name)
            and (not class_ or class_ in node.classes)
            and wanted.items() <= node.attributes.items()
        ]

    def one(self, name: str = "", class_: str = "", **attributes: str) -> "Node":
        (found,) = self.all(name, class_, **attributes)
        return found


def parse(html: str) -> Node:
    """Return a node that holds the document; raises AssertionError where it is not nested."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].name}> is never closed"
    return reader.open[0]


def flat(pairs: Iterable[Sequence[float]]) -> list[float]:
    """Return all numbers of some pairs, as `pytest.approx` wants them."""
    return [value for pair in pairs for value in pair]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in _VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)
