"""Nothing half-written is ever seen."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from mnist_desktop.errors import UserError
from mnist_desktop.files import replacing, write_bytes


def test_write_replaces_whole_file(tmp_path: Path) -> None:
    target = tmp_path / "数字.bin"
    target.write_bytes(b"old")
    write_bytes(target, b"new content")
    assert target.read_bytes() == b"new content"
    assert os.listdir(tmp_path) == [target.name]


def test_failure_in_block_keeps_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")

    def write_half() -> None:
        with replacing(target) as stream:
            stream.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == [target.name]


def test_full_disk_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(UserError, match="No space left"):
        write_bytes(tmp_path / "a.bin", b"x")
    assert os.listdir(tmp_path) == []


def test_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="could not be written"):
        write_bytes(tmp_path / "no" / "a.bin", b"x")
