"""What fuzzing begins with: small files, right and wrong, made here and never stored."""

from __future__ import annotations

import gzip
import struct
import zlib

_CODES = (0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E)
_SHAPES = (
    (3,),
    (2, 3),
    (2, 2, 2),
    (1, 16, 16),
    (2, 1, 5, 5),
    (1, 1, 1, 1, 1, 1, 1, 1),
    (0, 28, 28),
)
_WIDTHS = {0x08: 1, 0x09: 1, 0x0B: 2, 0x0C: 4, 0x0D: 4, 0x0E: 8}
_OTHERS = (
    b"",
    b"\0\0\x08",
    b"\0\0\x0a\x01\0\0\0\1x",
    b"<!DOCTYPE html><html>",
    b"<?xml version='1.0'?>",
    b'{"message": "Not Found"}',
    b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4714707\n",
    b"\x80\x04\x95abc",
    b"PK\x03\x04",
    b"\x93NUMPY",
    b"H4sIAAAA",
    b"404: Not Found",
    bytes(600),
    b"a".ljust(257, b"\0") + b"ustar",
)


def _files() -> list[bytes]:
    """Return plain IDX files, each also with a wrong count and in the order of bytes of a PC."""
    made = []
    for code in _CODES:
        for shape in _SHAPES:
            count = _WIDTHS[code]
            for size in shape:
                count *= size
            data = bytes(range(1, 256)) * (count // 255 + 1)
            big = struct.pack(f">{len(shape)}I", *shape)
            magic = bytes((0, 0, code, len(shape)))
            made.append(magic + big + data[:count])
        little = struct.pack("<3I", 2, 2, 2)
        made.append(bytes((3, code, 0, 0)) + little + data[: 8 * _WIDTHS[code]])
        made.append(bytes((0, 0, code, 3)) + little + data[: 8 * _WIDTHS[code]])
    rows = struct.pack(">3I", 2, 2, 2)
    for count in (5, 12, 8):
        made.append(b"\0\0\x08\x03" + rows + b"\7" * count)
    made.append(b"\0\0\x08\x03" + b"\xff" * 12)
    return made


def seeds(target: str) -> list[bytes]:
    """Return what the fuzzing of a target begins with."""
    if target == "mapping":
        return [
            b"0 48\r\n1 49\r\n",
            b"1 65 97\n2 66 98\n",
            b"\n",
            b"0 48\n0 49",
            b"1 1114112",
            b"x",
        ]
    files = [*_files(), *_OTHERS]
    if target == "sniff":
        return [*_OTHERS, *(made[:20] for made in files)]
    if target == "unpack":
        return files
    if target == "garbled":
        streams = [zlib.compress(made, level, -15) for made in files[::3] for level in (0, 1)]
        return [
            stream + zlib.crc32(made).to_bytes(4, "little") + len(made).to_bytes(4, "little")
            for stream, made in zip(
                streams, (made for made in files[::3] for _ in (0, 1)), strict=True
            )
        ]
    labels = b"\0\0\x08\x01\0\0\0\2\0\1"
    if target in ("labels", "open"):
        short = [made for made in files if len(made) < 200]
        return [
            bytes((len(made) + 1,)) + bytes((how,)) + made + b"\0" + labels + b"\n0 48\n1 49\n"
            for made in short
            for how in (0, 1)
        ] + [bytes((len(labels) + 1, 0)) + labels + b"\0" + made for made in short]
    packed = [gzip.compress(made, 1, mtime=0) for made in files[::5]]
    return [bytes((how,)) + made for made in files for how in (0, 1, 2, 0x85, 0x89, 0x8D)] + packed
