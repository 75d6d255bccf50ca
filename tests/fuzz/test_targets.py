"""The fuzzer's targets, kept alive in every test run, by their seeds and by hypothesis."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

ODD = st.sampled_from(
    ["\x1b[2J", "\x9b", "\u202e", "\u2028", "\ud800", "-->", "&lt;", "\t", "\r\n", ". ", "3.", "İ"]
)
TEXT = st.lists(st.one_of(st.text(max_size=12), ODD), max_size=12).map(
    lambda parts: "".join(parts).encode("utf-8", "surrogatepass")
)


@pytest.mark.parametrize(
    ("name", "seed"), [(name, seed) for name, target in TARGETS.items() for seed in target.seeds]
)
def test_a_seed_keeps_its_promise(name: str, seed: bytes) -> None:
    TARGETS[name].check(seed)


@pytest.mark.parametrize("name", TARGETS)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.one_of(st.binary(max_size=200), TEXT))
def test_anything_keeps_the_promise(name: str, data: bytes) -> None:
    TARGETS[name].check(data)
