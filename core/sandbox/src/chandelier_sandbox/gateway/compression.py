"""Transport compression of the gateway: none, zlib-stream, zstd-stream (Discord: Gateway, Transport Compression)."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

Packer = Callable[[bytes], bytes]


class CompressionUnavailable(Exception):
    """This Python has no zstd; install backports.zstd or connect with zlib-stream."""


def make_packer(name: str | None) -> Packer | None:
    """Return the function that packs each message of one connection; None sends text as it is.

    Raises:
        CompressionUnavailable: zstd is asked for and this Python has none.
        ValueError: Discord has no such compression.
    """
    if name is None:
        return None
    if name == "zlib-stream":
        return _zlib_packer()
    if name == "zstd-stream":
        return _zstd_packer()
    raise ValueError(f"Discord has no transport compression {name!r}; it has zlib-stream and zstd-stream.")


def _zlib_packer() -> Packer:
    stream = zlib.compressobj()
    return lambda text: stream.compress(text) + stream.flush(zlib.Z_SYNC_FLUSH)


def _zstd_packer() -> Packer:
    module: Any
    if sys.version_info >= (3, 14):
        module = import_module("compression.zstd")
    elif find_spec("backports") is not None and find_spec("backports.zstd") is not None:
        module = import_module("backports.zstd")
    else:
        raise CompressionUnavailable(CompressionUnavailable.__doc__)
    stream = module.ZstdCompressor()

    def pack(text: bytes) -> bytes:
        packed: bytes = stream.compress(text, mode=stream.FLUSH_BLOCK)
        return packed

    return pack
