"""Imports as a whole: whatever a file holds is imported or skipped, and no file ends in a traceback."""

from __future__ import annotations

import json
import time
from random import Random

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chandelier import BadOption
from chandelier_custom.checking import complaints_of
from chandelier_custom.importers import SOURCES, Import, read
from chandelier_custom.importers.writing import Writing, literally
from chandelier_custom.templates.objects import sample
from chandelier_custom.templates.rendering import Rendering

CALM = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])

#: Bits of all four languages, put together in every wrong way.
BITS = st.lists(
    st.sampled_from(
        ["{", "}", "{{", "}}", "{%", "%}", "{% endraw %}", "{%endraw%}", "{{ '", "hello", " ", "\n", "'", '"', "`", "|", ":",
         "(", ")", ",", "~", "{{.User.Mention}}", "{{if .CmdArgs}}", "{{else}}", "{{end}}", "{{- ", " -}}", "{{$x}}",
         "{{range .CmdArgs}}", "{{$x := 5}}", "{{$x = add $x 1}}", "{{index .CmdArgs 0}}", "{{randInt 6}}", "{{/* x */}}",
         '{{sendMessage nil (cembed "title" $x)}}', "{{with .StrippedMsg}}", "{{eq 1 2}}", '{{joinStr "{{" .CmdArgs}}',
         '{{dbIncr 0 "n" 1}}', "{{exec 1}}", "{user}", "{args}", "{if(", "=={args})", "a|b}", "{=(x):", "{x}", "{random:a,b~",
         "{m:1+", "{embed(title):", "{stop({args}==):", "{require:1}", "{target}", "%user%", "%target%", "%rng1-6%",
         "%rng6-1%", "%user.discrim%", "{0}", "{1:int}", "{0:Member.mention}", "{author.mention}", "{author.__class__}",
         "{{ 7 | times: 191 }}", "{% save user.x = 1 %}", "é", "\0", "\ud800"]
    ),
    max_size=14,
).map("".join)  # fmt: skip
NAMES = st.one_of(st.text(max_size=40), st.sampled_from(["hello", "Hello", "a b", "", "-", "x" * 200, "👍", "hello-2"]))
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10), BITS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)


def sound(found: Import) -> Import:
    """Check what holds for every import."""
    names = [name for one in found.commands for name in (one.spec.name, *one.spec.aliases)]
    assert len(names) == len(set(names))
    for one in found.commands:
        assert not list(complaints_of(one.spec)), one.spec
        assert one.spec.enabled or one.notes
    json.dumps(found.model_dump(mode="json")).encode("utf-8")
    return found


def refused(source: str, text: str) -> str:
    with pytest.raises(BadOption) as raised:
        read(source, text)
    return raised.value.sentence


@pytest.mark.parametrize("source", SOURCES)
def test_what_is_no_such_file_is_refused_with_one_sentence(source):
    for text in (
        "",
        "{",
        "[[[[",
        "null",
        "5",
        '"x"',
        "\0",
        "- a\n- b",
        "}{",
        "[" * 3000,
        '{"a":' * 3000,
        "a: &x [*x]",
        "\ufeff{",
    ):
        try:
            found = read(source, text)
        except BadOption as error:
            assert error.sentence.endswith((".", "]")), error.sentence
            assert "Traceback" not in error.sentence
            assert len(error.sentence) < 300
        else:
            assert not found.commands


def test_a_source_that_is_not_known_is_refused_with_those_that_are():
    assert refused("mee6", "[]") == ("There is no importer for `mee6`; there are: `yagpdb`, `red`, `nadeko`, `carl`.")


def test_a_key_that_is_there_twice_is_refused_as_one_of_the_two_would_be_lost():
    assert "twice" in refused("carl", '{"a": "1", "a": "2"}')
    assert "twice" in refused("nadeko", "a:\n  - res: x\na:\n  - res: y\n")


@pytest.mark.parametrize("source", SOURCES)
def test_a_megabyte_is_read_or_refused_in_bounded_time(source):
    words = "{{.User}} {user} %user% " * 40_000
    texts = [words, json.dumps({"tags": {"a": words}, "commands": {"a": {"response": words}}}), "a: |\n  " + words,
             "- " * 500_000,
             json.dumps([{"name": "a", "content": words, "responses": [words]}]), "{" * 1_000_000, '["a"]' * 200_000,
             json.dumps([{"name": f"n{one}", "content": "x", "responses": ["x"]} for one in range(5000)])]  # fmt: skip
    began = time.process_time()
    for text in texts:
        try:
            sound(read(source, text))
        except BadOption as error:
            assert error.sentence
    assert time.process_time() - began < 100, "as good as hung"


@CALM
@given(st.sampled_from(SOURCES), st.one_of(st.text(max_size=200), BITS))
def test_no_text_ends_in_a_traceback(source, text):
    try:
        sound(read(source, text))
    except BadOption as error:
        assert error.sentence


@CALM
@given(st.sampled_from(SOURCES), VALUES)
def test_no_json_or_yaml_ends_in_a_traceback(source, value):
    text = yaml.safe_dump(value) if source == "nadeko" else json.dumps(value)
    try:
        sound(read(source, text))
    except BadOption as error:
        assert error.sentence


def numbers(found: Import) -> int:
    return len(found.commands) + len(found.skipped)


@CALM
@given(st.lists(st.tuples(NAMES, st.one_of(BITS, VALUES), st.integers(-1, 16)), max_size=5))
def test_each_command_of_yagpdb_is_imported_or_skipped(given_):
    entries = [
        {"name": name, "trigger": name, "trigger_type": kind, "responses": [text]} for name, text, kind in given_
    ]
    assert numbers(sound(read("yagpdb", json.dumps(entries)))) == len(entries)


@CALM
@given(st.dictionaries(NAMES, st.one_of(BITS, st.lists(BITS, max_size=3), VALUES), max_size=5))
def test_each_command_of_red_is_imported_or_skipped(given_):
    document = {"GUILD": {"1": {"commands": {name: {"response": text} for name, text in given_.items()}}}}
    assert numbers(sound(read("red", json.dumps(document)))) == len(given_)


@CALM
@given(st.lists(st.tuples(NAMES, BITS), max_size=5))
def test_each_tag_of_carl_is_imported_or_skipped(given_):
    entries = [{"name": name, "content": text} for name, text in given_]
    assert numbers(sound(read("carl", json.dumps(entries)))) == len(entries)


@settings(CALM, max_examples=60)
@given(st.dictionaries(NAMES, st.lists(BITS.filter(lambda text: not {"\0", "\ud800"} & set(text)), min_size=1, max_size=3),
                       max_size=5))  # fmt: skip
def test_each_expression_of_nadeko_is_imported_or_skipped(given_):
    document = {name: [{"res": text} for text in texts] for name, texts in given_.items()}
    found = sound(read("nadeko", yaml.dump(document, Dumper=DUMPER, allow_unicode=True)))
    assert sum(len(one.spec.messages) for one in found.commands) + len(found.skipped) >= len(given_)


@CALM
@given(st.one_of(st.text(max_size=60), BITS), st.booleans())
def test_words_that_say_themselves_do(words, before_code):
    words = words.replace("\0", "").replace("\ud800", "").replace("\r", "")
    rendering = Rendering(sample(), Random(1))
    assert rendering.render(literally(words)) == words
    writing = Writing()
    writing.say(words)
    if before_code:
        writing.value("'x'")
    writing.say(words)
    writing.value(writing.text(words + "."))
    assert rendering.render(writing.finish()) == words + ("x" if before_code else "") + words + words + "."


def test_nothing_that_somebody_wrote_as_words_becomes_liquid():
    for source, text in (
        ("yagpdb", json.dumps([{"trigger": "a", "responses": ['{% save user.x = 1 %}{{"{{ uses }}"}}']}])),
        ("red", json.dumps({"commands": {"a": {"response": "{% save user.x = 1 %}{{ uses }}"}}})),
        ("nadeko", json.dumps({"a": [{"res": "{% save user.x = 1 %}{{ uses }}"}]})),
    ):
        [one] = read(source, text).commands
        rendering = Rendering(sample(), Random(1))
        said = rendering.render(one.spec.messages[0].content)
        assert said == "{% save user.x = 1 %}{{ uses }}", source
        assert not rendering.saved
