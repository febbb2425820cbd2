"""What the custom commands answer, and what the plugin declares."""

from datetime import UTC, datetime

from chandelier import Permission, Surface
from chandelier_custom import plugin
from chandelier_custom.answers import Entry, Page

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)


def make_entry(name, uses=0):
    return Entry(
        name=name, content="Hi", aliases=[], enabled=True, version=1, uses=uses, last_used_at=None, author_id=2**60,
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip


def test_the_plugin_has_nothing_to_correct():
    assert plugin.declare().findings == ()


def test_every_option_is_described():
    for command in plugin.declare().commands:
        assert all(1 <= len(option.description) <= 100 for option in command.parameters)


def test_only_managers_may_change_commands():
    declared = plugin.declare()
    unguarded = {command.name for command in declared.commands if command.allow is not Permission.MANAGE_GUILD}
    assert unguarded == {"run", "c", "triggered", "list", "show", "why"}


def test_show_is_there_for_rest_alone():
    assert plugin.declare().command("custom show").surfaces == {Surface.REST}


def test_an_id_is_a_string_in_json():
    assert make_entry("a").model_dump(mode="json")["author_id"] == str(2**60)


def test_a_list_names_commands_with_their_uses():
    assert str(Page(items=[make_entry("a", 1), make_entry("b", 2)])) == "Custom commands: `a` (1 use), `b` (2 uses)."


def test_a_long_list_fits_one_message_and_says_how_many_are_left():
    text = str(Page(items=[make_entry(f"{number:032}") for number in range(100)], more=7))
    assert len(text) <= 2000
    told = text.count("uses)")
    assert text.endswith(f"and {107 - told} more.")


def test_an_empty_list_says_what_to_do():
    assert "/custom add" in str(Page(items=[]))
