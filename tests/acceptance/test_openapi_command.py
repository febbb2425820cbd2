"""``chandelier openapi``: the document of what plugins.toml lists, without Discord and without a database."""

from __future__ import annotations

import json

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from ..conftest import FOUR


async def test_it_describes_what_is_listed_and_the_same_bytes_twice(chandelier, plugins_file, tmp_path):
    listed = {"CHANDELIER_PLUGINS": str(plugins_file(*FOUR))}
    printed = await chandelier("openapi", **listed)
    written = await chandelier("openapi", "--output", "openapi.json", **listed)
    assert (printed.code, written.code, printed.err, written.said) == (0, 0, "", "")
    assert (tmp_path / "openapi.json").read_text() == printed.out
    document = json.loads(printed.out)
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert [tag["name"] for tag in document["tags"]] == [*FOUR, "host"]
    assert document["paths"]["/api/v1/ping"]["get"]["x-scope"] == "ping:read"
    assert not (tmp_path / "data").exists(), "no database was made"


async def test_plugins_that_are_named_are_described_alone_listed_or_not(chandelier, plugins_file):
    ended = await chandelier(
        "openapi", "--plugin", "ping", "--plugin", "custom", CHANDELIER_PLUGINS=str(plugins_file("ping"))
    )
    assert [tag["name"] for tag in json.loads(ended.out)["tags"]] == ["ping", "custom", "host"]


async def test_whoever_names_plugins_needs_no_plugins_file(chandelier):
    ended = await chandelier("openapi", "--plugin", "ping")
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--plugin", "pong"), "No plugin pong is installed. Did you mean ping?"),
        ((), "there is no such file"),
    ],
)
async def test_what_is_not_there_is_told_in_one_sentence(chandelier, words, sentence):
    ended = await chandelier("openapi", *words)
    assert (ended.code, ended.out) == (2, "")
    assert sentence in ended.err
    assert ended.err.count("chandelier: ") == 1


async def test_a_file_that_cannot_be_written_is_told(chandelier, plugins_file):
    ended = await chandelier("openapi", "--output", "nowhere/a.json", CHANDELIER_PLUGINS=str(plugins_file("ping")))
    assert ended.code == 1
    assert "nowhere/a.json cannot be written: No such file or directory." in ended.err


async def test_a_plugin_that_does_not_fit_is_told_and_nothing_is_written(chandelier, plugins_file, shelf, tmp_path):
    shelf.add("broken", "raise RuntimeError('on purpose')\n")
    listed = {"CHANDELIER_PLUGINS": str(plugins_file("ping", "broken")), "PYTHONPATH": str(shelf.folder)}
    ended = await chandelier("openapi", "--output", "openapi.json", **listed)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("chandelier: broken: ")
    assert not (tmp_path / "openapi.json").exists()
