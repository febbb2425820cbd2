"""What becomes of Red's custom commands and aliases."""

from __future__ import annotations

import json

import pytest

from chandelier_custom.importers import Imported, read
from chandelier_custom.trying import preview


def imported(response: object, **parts: object) -> Imported:
    document = {
        "414589031223512": {"GUILD": {"133049272517001216": {"commands": {"hi": {"response": response} | parts}}}}
    }
    [one] = read("red", json.dumps(document)).commands
    return one


def said(one: Imported, arguments: str = "one two") -> str:
    return "|".join(worked.content for worked in preview(one.spec, arguments))


@pytest.mark.parametrize(
    ("response", "arguments", "answer"),
    [
        ("Hi {author.mention}!", "", "Hi <@175928847299117063>!"),
        ("{author} {author.name} {author.id} {author.display_name}", "", "ada ada 175928847299117063 Ada"),
        (
            "{server} {guild.name} {guild.id} {server.member_count}",
            "",
            "Lovelace Society Lovelace Society 41771983423143937 128",
        ),
        ("{channel} {channel.id} {channel.mention}", "", "general 81384788765712384 <#81384788765712384>"),
        ("{author.avatar_url}", "", "https://cdn.discordapp.com/embed/avatars/1.png"),
        ("You said {0}", "one two", "You said one two"),
        ("{1} then {2}", 'one "two three"', "one then two three"),
        ("{0:int} {0}", "5", "5 5"),
        ("https://example.org/?q={0:query}", "a b&c", "https://example.org/?q=a+b%26c"),
        ("{0:Member.mention} {0:Member.id}", "<@5>", "<@5> 5"),
        ("{0:TextChannel.mention} {1:Role.mention}", "<#6> <@&7>", "<#6> <@&7>"),
        ("{nothing} {a b} { } {{0}} {% raw %}", "x", "{nothing} {a b} { } {x} {% raw %}"),
    ],
)
def test_it_says_the_same(response, arguments, answer):
    one = imported(response)
    assert said(one, arguments) == answer
    assert one.spec.enabled, one.notes


@pytest.mark.parametrize(
    ("response", "part"),
    [
        ("{author.bot}", "`{author.bot}` is not known here"),
        ("{message.content}", "`{message.content}` is not known here"),
        ("{guild.owner}", "`{guild.owner}` is not known here"),
        ("{0:Member.joined_at}", "is not known here"),
        ("{0} {2}", "have gaps"),
        (["{0}", "{0} {1}"], "differ from one answer to the other"),
    ],
)
def test_what_it_cannot_say_stands_there_and_switches_it_off(response, part):
    one = imported(response)
    assert not one.spec.enabled
    assert any(part in note for note in one.notes), one.notes


@pytest.mark.parametrize(
    ("response", "part"),
    [
        ("{author.mention}", "pings nobody"),
        ("{0:Member}", "says the mention here"),
        ("{0:Colour}", "takes any text here"),
        ("{author.nick}", "the name shown in the server"),
        ("{author.joined_at}", "without fractions"),
    ],
)
def test_what_is_a_little_different_is_told(response, part):
    one = imported(response)
    assert one.spec.enabled
    assert any(part in note for note in one.notes), one.notes


def test_several_responses_cooldowns_and_those_who_made_it():
    one = imported(
        ["a", "b"],
        cooldowns={"member": 30, "guild": 5, "channel": 99999999},
        author={"id": 5, "name": "x"},
        editors=[6],
    )
    assert (one.spec.pick, len(one.spec.messages)) == ("random", 2)
    cooldowns = one.spec.cooldowns
    assert (cooldowns.user_s, cooldowns.server_s, cooldowns.channel_s) == (30, 5, 30 * 86400)
    assert any("longer than 30 days" in note for note in one.notes)
    assert any("author and editors" in note for note in one.notes)


def test_more_responses_than_a_command_has_are_told():
    one = imported([str(number) for number in range(23)])
    assert len(one.spec.messages) == 20
    assert not one.spec.enabled
    assert any("`23 answers` are more than the 20" in note for note in one.notes)


def test_an_alias_of_a_custom_command_is_one_and_others_are_skipped():
    found = read("red", json.dumps({
        "commands": {"hi": {"response": "x"}, "gone": None},
        "Alias": {"GLOBAL": {"entries": [{"name": "p", "command": "ping"}]},
                  "GUILD": {"1": {"entries": [{"name": "hello", "command": "hi"}, {"name": "b", "command": ["ban", "{0}"]},
                                              {"name": "hi", "command": "hi"}, "odd"]}}},
    }))  # fmt: skip
    assert [(one.spec.name, one.spec.aliases) for one in found.commands] == [("hi", ["hello"])]
    whys = {one.name: one.why for one in found.skipped}
    assert whys["gone"] == "It was deleted there."
    assert whys["p"].startswith("It runs `ping`, which is no custom command")
    assert whys["b"].startswith("It runs `ban {0}`")
    assert "cannot be an alias" in whys["hi"]
    assert whys["alias 4"] == "It has no `command` that it stands for."


def test_a_response_that_is_none_or_too_long_is_skipped():
    found = read(
        "red",
        json.dumps(
            {"commands": {"a": {"response": 5}, "b": {"response": ["x", 5]}, "c": "x", "d": {"response": "é" * 4001}}}
        ),
    )
    assert [one.name for one in found.skipped] == ["a", "b", "c", "d"]
    assert "4001 characters" in found.skipped[3].why
