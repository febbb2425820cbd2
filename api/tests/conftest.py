"""Fixtures: a host in memory, and a client of its API."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

if "api_kit" not in sys.modules:
    # The tests are imported by path (importlib mode), so their kit is made importable under a name of its own.
    spec = importlib.util.spec_from_file_location("api_kit", Path(__file__).with_name("kit.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["api_kit"] = module
    spec.loader.exec_module(module)

from api_kit import FakeHost
from quart.typing import TestClientProtocol

from chandelier_api import create_app


@pytest.fixture
def host() -> FakeHost:
    return FakeHost()


@pytest.fixture
def client(host: FakeHost) -> TestClientProtocol:
    return create_app(host).test_client()
