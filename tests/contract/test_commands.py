"""Commands and groups: what a declaration becomes, and what is told about a wrong one."""

import dataclasses
from datetime import timedelta

import pytest

from chandelier import Command, Context, Cooldown, Group, Need, Permission, Plugin, Surface, command
from chandelier.commands import build_command


async def say(ctx: Context, text: str) -> str:
    """Say something.

    Args:
        text: What to say.
    """
    return text


async def import_(ctx: Context) -> None:
    """Take everything in."""


def told(handler=say, **options):
    return [str(finding) for finding in build_command(handler, options).findings]


def test_a_command_is_open_to_everybody_everywhere_until_it_says_otherwise():
    made = build_command(say, {})
    assert (made.name, made.path, made.summary, made.http, made.findings) == ("say", "say", "Say something.", None, ())
    assert made.surfaces == {Surface.SLASH, Surface.TEXT, Surface.REST}
    assert (made.allow, made.needs, made.where, made.ephemeral) == (Permission.NONE, (), "anywhere", False)
    assert made.result is str
    assert [parameter.name for parameter in made.parameters] == ["text"]


def test_every_option_reaches_the_command():
    cooldown = Cooldown(2, timedelta(seconds=5))
    made = build_command(say, {
        "name": "speak", "http": "POST /{text}", "short": "/speak", "surfaces": [Surface.REST], "allow": "manage_guild",
        "needs": [Need.SEND_MESSAGES], "where": "guild", "ephemeral": True, "aliases": ["s"], "cooldown": cooldown,
    })  # fmt: skip
    assert (made.name, made.http.method, made.http.path, made.http.short) == ("speak", "POST", "/{text}", "/speak")
    assert made.http.names == ("text",)
    assert (made.surfaces, made.allow, made.needs) == ({Surface.REST}, Permission.MANAGE_GUILD, (Need.SEND_MESSAGES,))
    assert (made.where, made.ephemeral, made.aliases, made.cooldown) == ("guild", True, ("s",), cooldown)
    assert made.findings == ()


def test_a_handlers_trailing_underscore_is_no_part_of_the_name():
    assert build_command(import_, {}).name == "import"


def test_a_command_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        build_command(say, {}).name = "shout"


@pytest.mark.parametrize("http", ["GET /", "POST /{text}", "PUT /a-b/{text}/c.d", "PATCH /x", "DELETE /{text}"])
def test_a_route_is_a_method_and_a_path(http):
    made = build_command(say, {"http": http})
    assert f"{made.http.method} {made.http.path}" == http
    assert made.findings == ()


@pytest.mark.parametrize(
    "http", ["", "/", "GET", "get /", "FETCH /", "GET x", "GET  /", "GET /a b", "GET /ä?x", "HEAD /"]
)
def test_a_bad_route_is_told_with_two_that_are_right(http):
    assert told(http=http) == [
        f'command say: http="{http}" must be a method and a path, such as "GET /" or "DELETE /{{name}}".'
    ]


@pytest.mark.parametrize("short", ["say", "/", "/Say", "/a/b", "/{text}", "/9", ""])
def test_a_bad_short_path_is_told(short):
    assert told(http="GET /", short=short) == [
        f'command say: short="{short}" must be one word below the root, such as "/commands".'
    ]


@pytest.mark.parametrize("allow", ["ban_members", "BAN_MEMBERS", Permission.BAN_MEMBERS])
def test_a_permission_may_be_named_in_any_case(allow):
    assert build_command(say, {"allow": allow}).allow is Permission.BAN_MEMBERS


def test_a_mistyped_permission_is_told_with_the_nearest_right_one():
    assert told(allow="manage_mesages") == [
        'command say: allow="manage_mesages" is no permission of Discord. Did you mean manage_messages?'
    ]


def test_a_permission_that_resembles_none_is_told_without_a_guess():
    assert told(allow="xyzzy") == ['command say: allow="xyzzy" is no permission of Discord.']


def test_a_handler_that_is_not_async_is_told():
    def plain(ctx: Context) -> None:
        """Be plain."""

    assert told(plain) == ["command plain: it must be an `async def` function."]


def test_everything_that_is_wrong_is_told_at_once_and_each_thing_once():
    def plain(ctx: Context, x, y: bytes) -> "NoSuchThing":  # noqa: F821
        """Be wrong."""

    findings = told(plain, http="x", allow="y")
    assert len(findings) == len(set(findings)) == 4
    for part in ("async def", "'NoSuchThing'", 'http="x"', 'allow="y"'):
        assert sum(part in finding for finding in findings) == 1, part


def test_a_handler_without_parameters_is_a_finding_and_no_exception():
    async def alone() -> None:
        """Be alone."""

    assert told(alone) == ["command alone: alone takes no context; its first parameter must be one."]


def test_findings_name_the_command_as_people_type_it():
    group = Group("remind", "Reminders.")
    made = group.add(say, {"http": "x"})
    assert made.findings[0].place == "command remind say"


def test_a_command_is_declared_unbound_and_listed():
    made = command(name="speak")(say)
    assert isinstance(made, Command)
    assert Plugin("p", summary="P.", commands=[made]).declare().commands == (made,)


def test_a_group_names_its_commands_and_keeps_their_order():
    group = Group("custom", "Custom commands.", default="show")

    @group.command()
    async def show(ctx: Context) -> None:
        """Show."""

    @group.command(name="add")
    async def make(ctx: Context) -> None:
        """Add."""

    assert [made.path for made in group.commands] == ["custom show", "custom add"]
    assert (group.default, show.group, make.group) == ("show", "custom", "custom")


def test_a_group_adopts_commands_that_were_made_elsewhere_and_leaves_the_originals():
    alone = command()(say)
    group = Group("remind", "Reminders.")
    group.adopt([alone])
    assert [made.path for made in group.commands] == ["remind say"]
    assert alone.path == "say"
    assert group.commands[0].handler is say


def test_a_groups_commands_cannot_be_changed_from_outside():
    group = Group("remind", "Reminders.")
    assert isinstance(group.commands, tuple)
