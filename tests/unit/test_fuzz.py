"""What the fuzzer runs a million times is run here with its seeds and some more."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz import __main__ as driver
from fuzz.seeds import seeds
from fuzz.targets import TARGETS, Workplace, wrapped

FOUND = {
    "sniff": [b"HI\tA", b"a\xc2\x80b", b"\xe2\x80\xae.gz"],  # signs that no message may show
    "mapping": [b"0 48\n\x1b[2J", b"a\x00b 1 2 3"],
    "read": [b"\0\0\x08\0"],  # a single value, which is not there
    "diagnose": [b"\0\0\0\x08\0", b"\0\0\0\x08\0\1"],
    "labels": [b"\1\1\0\0\0\x0b\0", b"\1\0\0\0\x08\0\1"],
    "rescue": [
        b"\0\0\0\x08\0\0",
        b"\0\0\0\x0b\3\0\0\0\0\0\0\0\x1c\0\0\0\x1c",  # sound, and no item in it
    ],
}
"""What fuzzing has found, by target."""


@pytest.mark.parametrize("target", TARGETS)
def test_seeds_and_findings_break_no_promise(tmp_path: Path, target: str) -> None:
    work = Workplace(tmp_path)
    begins = seeds(target)
    assert len(set(begins)) > 5
    for data in (*FOUND.get(target, []), *begins[:: max(1, len(begins) // 60)]):
        TARGETS[target](work, data)
        work.clear()


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_hypothesis_makes_of_seeds_breaks_no_promise(target: str, data: st.DataObject) -> None:
    seed = bytearray(data.draw(st.sampled_from(seeds(target)) | st.binary(max_size=300)))
    changes = st.tuples(st.integers(0, 2000), st.integers(0, 255))
    for place, value in data.draw(st.lists(changes, max_size=4)):
        if seed:
            seed[place % len(seed)] = value
    cut = data.draw(st.integers(0, 60))
    with tempfile.TemporaryDirectory() as folder:
        work = Workplace(Path(folder))
        TARGETS[target](work, bytes(seed[: max(0, len(seed) - cut)]))
        assert not list(work.folder.glob("*.part"))


def test_the_first_byte_says_how_a_file_is_packed() -> None:
    assert wrapped(b"\0abc") == b"abc"
    assert wrapped(b"\1abc")[:2] == wrapped(b"\2abc")[:2] == b"\x1f\x8b"
    assert wrapped(bytes((0x84,)) + b"abcd") == b"ab"
    assert wrapped(bytes((0x88,)) + b"abcd") == b"ab6d"
    assert wrapped(bytes((0x8C,)) + b"abcd") == b"abcdab"


def test_the_driver_knows_every_target_and_watches_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert set(driver.TARGETS) == set(TARGETS)
    pytest.importorskip("resource")
    held = driver.Memory.highest()
    assert 10 << 20 < held < 64 << 30
    memory = driver.Memory()
    memory.check(0)
    # What a process has ever held does not fall, so a test that ran before may hide real ballast.
    grown = held + driver.MEMORY_ALLOWED
    monkeypatch.setattr(driver.Memory, "highest", staticmethod(lambda: grown + 900))
    memory.check(1000)
    monkeypatch.setattr(driver.Memory, "highest", staticmethod(lambda: grown + (50 << 20)))
    with pytest.raises(AssertionError, match="bytes of memory"):
        memory.check(1000)
