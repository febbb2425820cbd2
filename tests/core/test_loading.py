"""From plugins.toml and what is installed to a registry in which every plugin has a verdict."""

import pytest

from chandelier import Plugin, State
from chandelier_core.loading.loading import load_plugins
from chandelier_core.loading.plugins_file import read_plugins_file

GOOD = """
    from chandelier import Context, Plugin
    plugin = Plugin({name!r}, summary="Good.")

    @plugin.command()
    async def {command}(ctx: Context) -> None:
        '''Be good.'''
"""


@pytest.fixture
def load(tmp_path):
    """Load what a plugins.toml lists."""

    def loader(text, **more):
        path = tmp_path / "plugins.toml"
        path.write_text(text)
        return load_plugins(read_plugins_file(path), **more)

    return loader


def test_what_is_listed_is_validated_and_found_by_its_words(index, load):
    index.add("lamp", GOOD.format(name="lamp", command="light"))
    registry = load("[plugins.lamp]\n").registry
    assert registry["lamp"].state is State.VALIDATED
    entry, command = registry.find(["light", "rest"])
    assert (entry.name, command.path) == ("lamp", "light")
    assert registry.find(["dark"]) is None


def test_what_is_installed_and_not_listed_stays_discovered(index, load):
    witness = index.folder / "witness"
    index.add("lamp", f"open({str(witness)!r}, 'w').close()")
    entry = load("").registry["lamp"]
    assert (entry.state, entry.findings) == (State.DISCOVERED, [])
    assert entry.sentence == "It is installed, and not listed in plugins.toml."
    assert not witness.exists()


def test_what_is_listed_and_not_installed_is_told_with_its_line(index, load):
    index.add("lamp", GOOD.format(name="lamp", command="light"))
    (finding,) = load("[plugins.lamp]\n\n[plugins.lmp]\n").findings
    assert finding.place.endswith("plugins.toml, line 3")
    assert finding.sentence == "no plugin lmp is installed (entry points of chandelier.plugins)."
    assert finding.remedy == "Install it (pip install chandelier-lmp), or take it out. Did you mean lamp?"


def test_a_broken_plugin_is_rejected_and_the_others_are_not(index, load):
    index.add("bad", "raise RuntimeError('no candles')", version="0.3")
    index.add("lamp", GOOD.format(name="lamp", command="light"))
    registry = load("[plugins.bad]\n[plugins.lamp]\n").registry
    assert registry["bad"].state is State.REJECTED
    assert registry["bad"].sentence == (
        "plugin bad: Found-bad 0.3: importing found_bad:plugin failed: RuntimeError: no candles."
    )
    assert registry["lamp"].state is State.VALIDATED
    assert [entry.name for entry in registry.validated] == ["lamp"]


def test_two_distributions_with_one_plugin_name_are_both_named_and_neither_runs(index, load):
    index.add("lamp", GOOD.format(name="lamp", command="light"), dist="Lamp-One", version="1.0")
    index.add("lamp", GOOD.format(name="lamp", command="light"), dist="Lamp-Two", version="2.0")
    entry = load("[plugins.lamp]\n").registry["lamp"]
    assert entry.state is State.REJECTED
    assert "Lamp-One 1.0" in entry.sentence
    assert "Lamp-Two 2.0" in entry.sentence
    assert "both offer a plugin lamp; uninstall one of them." in entry.sentence


def test_a_table_that_is_wrong_rejects_its_plugin_alone(index, load):
    index.add("lamp", GOOD.format(name="lamp", command="light"))
    index.add("torch", GOOD.format(name="torch", command="burn"))
    registry = load("[plugins.lamp]\ngrant = []\n[plugins.torch]\n").registry
    assert registry["lamp"].state is State.REJECTED
    assert "line 2: [plugins.lamp] grant: there is no such setting. Did you mean grants?" in registry["lamp"].sentence
    assert registry["torch"].state is State.VALIDATED


def test_the_registry_is_in_the_order_of_the_file_behind_the_hosts_own(index, load):
    for name in ("ant", "mole", "zebra"):
        index.add(name, GOOD.format(name=name, command=name))
    own = Plugin("host", summary="The host's own.")
    registry = load("[plugins.zebra]\n[plugins.ant]\n", own=[(own, "1.0")]).registry
    mine = [entry.name for entry in registry if entry.name in {"host", "ant", "mole", "zebra"}]
    assert mine == ["host", "zebra", "ant", "mole"]


def test_a_missing_file_is_told_and_nothing_is_imported(index, tmp_path):
    index.add("lamp", "raise SystemExit")
    loaded = load_plugins(read_plugins_file(tmp_path / "absent.toml"))
    assert loaded.registry["lamp"].state is State.DISCOVERED
    assert [finding.sentence for finding in loaded.findings] == ["there is no such file."]


def test_the_secrets_of_a_config_are_told_to_the_log(index, load, monkeypatch):
    monkeypatch.setenv("LAMP_KEY", "a-very-secret-key")
    index.add("lamp", """
        from chandelier import Config, Plugin
        class Settings(Config):
            key: str
        plugin = Plugin("lamp", summary="Lamp.", config=Settings)
    """)  # fmt: skip
    loaded = load('[plugins.lamp]\n[plugins.lamp.config]\nkey = { env = "LAMP_KEY" }\n')
    assert loaded.registry["lamp"].config.key == "a-very-secret-key"
    assert loaded.secrets == ("a-very-secret-key",)
