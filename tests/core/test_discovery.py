"""From entry points to candidates: whatever a plugin does on import stops at the plugin."""

import time

import pytest

from chandelier import Plugin
from chandelier_core.loading import discovery
from chandelier_core.loading.discovery import LoadFailed, discover, from_plugin, take_declaration

GOOD = """
    from chandelier import Context, Plugin
    plugin = Plugin("good", summary="Good.")

    @plugin.command()
    async def good(ctx: Context) -> None:
        '''Be good.'''
"""


def only(name, wanted=None):
    """Discover, and give the one made-up candidate among whatever else is installed."""
    (found,) = [one for one in discover({name} if wanted is None else wanted) if one.name == name]
    return found


def test_a_good_plugin_becomes_a_declaration_with_its_source(index):
    index.add("good", GOOD, dist="Found-Good", version="2.3", requires="pydantic>=2\nchandelier>=1,<2")
    found = only("good")
    assert (found.error, found.trace) == (None, None)
    assert found.declaration.command("good").summary == "Be good."
    assert (found.source, found.requires) == ("Found-Good 2.3", "chandelier>=1,<2")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            "import no_such_module_anywhere",
            "failed: it needs the module no_such_module_anywhere, which is not installed.",
        ),
        ("from chandelier import Plugn", "failed: ImportError: cannot import name 'Plugn' from 'chandelier'"),
        ("def plugin(:", "line 1 is not Python: "),
        ("raise RuntimeError('out of\\n   candles')", "failed: RuntimeError: out of candles."),
        ("raise RuntimeError", "failed: RuntimeError."),
        ("raise SystemExit(3)", "failed: it tried to end the program (SystemExit 3)."),
        ("import sys; sys.exit('bye')", "failed: it tried to end the program (SystemExit bye)."),
        ("raise KeyboardInterrupt", "failed: KeyboardInterrupt."),
        ("raise BaseException('base')", "failed: BaseException: base."),
        ("other = 1", "failed: AttributeError: module 'found_bad' has no attribute 'plugin'."),
    ],
)
def test_an_import_that_fails_is_a_sentence_and_not_an_exception(index, source, sentence):
    index.add("bad", source)
    index.add("good", GOOD)
    found = {one.name: one for one in discover({"bad", "good"})}
    assert found["bad"].error.startswith("importing found_bad:plugin failed: ")
    assert sentence in found["bad"].error
    assert "\n" not in found["bad"].error
    assert "Traceback" in found["bad"].trace
    assert found["bad"].declaration is None
    assert found["good"].declaration is not None


def test_a_syntax_error_is_told_with_its_file_and_line(index):
    index.add("bad", "a = 1\nb = (\n")
    assert f"{index.folder / 'found_bad.py'} line 2 is not Python" in only("bad").error


def test_a_very_long_reason_is_cut(index):
    index.add("bad", "raise RuntimeError('x' * 10_000)")
    assert len(only("bad").error) < 400


def test_an_import_that_hangs_is_left_behind(index, monkeypatch):
    monkeypatch.setattr(discovery, "IMPORT_LIMIT_S", 0.2)
    index.add("hanging", "import time\ntime.sleep(30)")
    began = time.monotonic()
    error = only("hanging").error
    assert time.monotonic() - began < 6
    assert error.startswith("importing found_hanging:plugin took longer than ")
    assert error.endswith(" s; it must do its work in the lifespan, not on import.")


def test_the_limits_are_five_seconds_and_one():
    assert (discovery.IMPORT_LIMIT_S, discovery.DECLARE_LIMIT_S) == (5.0, 1.0)


@pytest.mark.parametrize(
    ("source", "point", "sentence"),
    [
        (
            "plugin = None",
            None,
            "its entry point is a NoneType, not a Plugin; name the Plugin object, as in package:plugin.",
        ),
        ("plugin = {}", None, "its entry point is a dict, not a Plugin"),
        (GOOD, "found_bad", "its entry point is a module, not a Plugin"),
        ("from chandelier import Plugin as plugin", None, "declaring its parts failed: TypeError: "),
        ("def plugin(): ...", None, "its entry point is a function, not a Plugin"),
    ],
)
def test_an_entry_point_that_is_no_plugin_is_told_what_it_is(index, source, point, sentence):
    index.add("bad", source, point=point)
    assert only("bad").error.startswith(sentence)


HOOKED = """
    from chandelier import Plugin
    from chandelier.hooks import hookimpl

    class Odd:
        @hookimpl
        def declare(self):
            {body}
        {more}

    plugin = Odd()
"""


@pytest.mark.parametrize(
    ("body", "more", "sentence"),
    [
        ("raise ValueError('no candles')", "", "declaring its parts failed: ValueError: no candles."),
        ("raise SystemExit", "", "declaring its parts failed: it tried to end the program (SystemExit None)."),
        ("return None", "", "its declare() gave a NoneType, not a Declaration."),
        ("return {}", "", "its declare() gave a dict, not a Declaration."),
        ("...", "declare_ = hookimpl(lambda self: None)", "a hook does not fit: unknown hook 'declare_'"),
        ("...", "health = hookimpl(lambda self, speed: None)", "a hook does not fit: "),
    ],
)
def test_a_hook_that_does_not_fit_is_told(index, body, more, sentence):
    index.add("bad", HOOKED.format(body=body, more=more))
    assert only("bad").error.startswith(sentence)


def test_a_hook_with_an_argument_that_there_is_not_is_told_by_name():
    plugin = Plugin("bad", summary="Bad.")

    @plugin.hook
    async def guild_left(guild) -> None: ...

    with pytest.raises(LoadFailed, match=r"a hook does not fit: .*guild_left.*'guild'"):
        take_declaration(plugin)


def test_declaring_that_hangs_is_left_behind(index, monkeypatch):
    monkeypatch.setattr(discovery, "DECLARE_LIMIT_S", 0.2)
    index.add("bad", HOOKED.format(body="import time; time.sleep(30)", more=""))
    assert only("bad").error.startswith("declaring its parts took longer than ")


def test_a_plugin_that_is_not_wanted_is_seen_and_not_imported(index):
    witness = index.folder / "witness"
    index.add("sly", f"open({str(witness)!r}, 'w').close()\nplugin = None")
    found = only("sly", wanted=set())
    assert (found.declaration, found.error, found.source) == (None, None, "Found-sly 1.0")
    assert not witness.exists()
    only("sly")
    assert witness.exists(), "the witness works"


@pytest.mark.parametrize(
    ("requires", "seen"),
    [
        ("chandelier>=1,<2", "chandelier>=1,<2"),
        ("Chandelier>=2", "Chandelier>=2"),
        ("chandelier[models]>=1", "chandelier[models]>=1"),
        ("chandelier-core>=1", None),
        ("chandelier>=1; extra == 'bot'", None),
        ("chandelier>=1; python_version < '3'", None),
        ("not a requirement !!\nchandelier>=1", "chandelier>=1"),
        ("", None),
    ],
)
def test_the_range_of_the_contract_is_the_distributions_own_dependency(index, requires, seen):
    index.add("good", GOOD, requires=requires)
    assert only("good", wanted=set()).requires == seen


def test_a_plugin_at_hand_needs_no_discovery():
    found = from_plugin(Plugin("own", summary="Own."), "chandelier-core", "1.0")
    assert (found.name, found.source, found.declaration.summary) == ("own", "chandelier-core 1.0", "Own.")


def test_a_plugin_at_hand_that_does_not_fit_is_a_candidate_with_an_error():
    plugin = Plugin("own", summary="Own.")

    @plugin.hook
    async def health(speed) -> None: ...

    assert from_plugin(plugin, "chandelier-core", "1.0").error.startswith("a hook does not fit")
