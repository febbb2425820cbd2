"""What becomes of NadekoBot's expressions."""

from __future__ import annotations

import json

import pytest
import re2

from chandelier_custom.importers import Imported, read
from chandelier_custom.trying import preview


def imported(entry: str) -> Imported:
    [one] = read("nadeko", entry).commands
    return one


def of(response: str) -> Imported:
    return imported(f"hello:\n  - res: {json.dumps(response)}\n    id: 3x\n")


def said(one: Imported, arguments: str = "one two") -> str:
    return "|".join(worked.content for worked in preview(one.spec, arguments))


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        ("Hi %user.mention%! %user%", "Hi <@175928847299117063>! <@175928847299117063>"),
        ("%user.name% %user.fullname% %user.displayname% %user.id%", "ada ada Ada 175928847299117063"),
        ("%user.avatar%", "https://cdn.discordapp.com/embed/avatars/1.png"),
        ("%user.joined_date% %user.joined_time%", "29.02.2024 12:00"),
        (
            "%server% %server.name% %server.id% %server.members%",
            "Lovelace Society Lovelace Society 41771983423143937 128",
        ),
        (
            "%channel% %channel.name% %channel.id% %channel.mention%",
            "general general 81384788765712384 <#81384788765712384>",
        ),
        ("you said: %target%", "you said: one two"),
        ("%bot.time% %bot.date%", "<t:1781092800:t> <t:1781092800:d>"),
        ("100% sure of %this% {{ and }} {% raw %}", "100% sure of %this% {{ and }} {% raw %}"),
        ("-%rng6-1%-", "--"),
    ],
)
def test_it_says_the_same(response, answer):
    one = of(response)
    assert said(one) == answer
    assert one.spec.enabled, one.notes


def test_chance_stays_within_what_it_was():
    assert of("%rng1-6%").spec.messages[0].content == "{{ 1 | random: 6 }}"
    assert of("%rng-3-3%").spec.messages[0].content == "{{ -3 | random: 3 }}"
    assert of("%rng%").spec.messages[0].content == "{{ 0 | random: 10 }}"
    assert any("only the first one" in note for note in of("%rng% %rng1-2%").notes)


@pytest.mark.parametrize(
    "place",
    ["%user.discrim%", "%user.created_date%", "%bot.latency%", "%shard.id%", "%channel.topic%", "%server.boosters%"],
)
def test_a_placeholder_that_we_lack_stands_there_and_switches_it_off(place):
    one = of(f"x {place}")
    assert said(one) == f"x {place}"
    assert not one.spec.enabled
    assert any(f"`{place}` is not known here" in note for note in one.notes)


def test_an_embed_and_its_words():
    one = of(json.dumps({"plainText": "Hello %user.name%", "title": "T %server%", "color": 255, "thumbnail": "https://a.example/b.png",
                         "author": {"name": "A", "icon_url": "https://a.example/i.png"},
                         "fields": [{"name": "n", "value": "%user.id%", "inline": True}]}))  # fmt: skip
    [worked] = preview(one.spec, "")
    assert worked.content == "Hello ada"
    assert worked.embeds == [{
        "title": "T Lovelace Society", "color": 255, "thumbnail": {"url": "https://a.example/b.png"}, "author": {"name": "A"},
        "fields": [{"name": "n", "value": "175928847299117063", "inline": True}],
    }]  # fmt: skip
    assert any("`embed: author.icon_url` is not shown" in note for note in one.notes)
    assert not one.spec.enabled


def test_several_embeds_with_colours_in_hexadecimal():
    one = of(
        json.dumps(
            {"content": "c", "embeds": [{"title": "a", "color": "#ff0000"}, {"description": "b", "color": "nonsense"}]}
        )
    )
    assert [(embed.title, embed.description, embed.colour) for embed in one.spec.messages[0].embeds] == [
        ("a", "", "#ff0000"),
        ("", "b", None),
    ]
    assert any("`embed: color nonsense` is no colour" in note for note in one.notes)


def test_words_that_only_look_like_an_embed_are_words():
    for response in ('{"title": ""}', "{not json}", "{}", '{"other": 1}'):
        assert said(of(response)) == response


def test_a_trigger_is_the_whole_message_and_with_at_what_follows_it():
    assert [(one.kind, one.text) for one in imported("Good Night:\n  - res: x").spec.triggers] == [
        ("exact", "Good Night")
    ]
    one = imported("hug:\n  - res: x %target%\n    at: true")
    assert [(trigger.kind, trigger.text) for trigger in one.spec.triggers] == [("exact", "hug"), ("starts", "hug ")]


@pytest.mark.parametrize(("message", "matches"), [
    ("no", True), ("oh no!", True), ("NO way", True), ("know", False), ("nothing", False),
    ("a no.", True), ("1no", False), ("0no", True),
])  # fmt: skip
def test_a_trigger_anywhere_is_a_word_of_the_message(message, matches):
    [trigger] = imported("no:\n  - res: x\n    ca: true").spec.triggers
    assert trigger.kind == "regex"
    assert bool(re2.search("(?i)" + trigger.text, message)) is matches


def test_the_flags_and_reactions_are_carried_over_and_deleting_is_told():
    one = imported(
        "a:\n  - res: x\n    dm: true\n    ad: true\n    react:\n      - 👍\n      - <:cat:123456789012345678>\n    new: 1\n"
    )
    assert (one.spec.answer, one.spec.reactions) == ("dm", ["👍", "<:cat:123456789012345678>"])
    assert not one.spec.enabled
    assert any("`ad` deleted the message that asked" in note for note in one.notes)
    assert any("`new` is no part" in note for note in one.notes)


def test_expressions_of_one_trigger_are_drawn_from():
    one = imported("a:\n  - res: x\n  - res: y\n")
    assert (one.spec.pick, [message.content for message in one.spec.messages]) == ("random", ["x", "y"])


def test_expressions_of_one_trigger_and_several_kinds_are_switched_off():
    found = read("nadeko", "a:\n  - res: x\n  - res: y\n    dm: true\n").commands
    assert [(one.spec.name, one.spec.enabled) for one in found] == [("a", False), ("a-2", False)]
    assert all("several kinds" in one.notes[0] for one in found)


def test_words_that_yaml_would_change_stay_words():
    found = read("nadeko", "yes:\n  - res: no\n12:30:\n  - res: 1_000\nnull:\n  - res: ~\n2001-01-01:\n  - res: 0x10\n")
    assert [(one.name, one.spec.messages[0].content) for one in found.commands] == [
        ("yes", "no"), ("12:30", "1_000"), ("null", "~"), ("2001-01-01", "0x10"),
    ]  # fmt: skip


def test_what_says_nothing_is_skipped():
    found = read("nadeko", "a:\n  - res: '-'\nb: []\nc: text\nd:\n  - id: 5\n")
    assert [(one.name, one.why.partition(".")[0]) for one in found.skipped] == [
        ("a", "`-` keeps a global expression quiet; there are none here"), ("b", "It has no list of expressions"),
        ("c", "It has no list of expressions"), ("d", "One of its expressions has no `res` that is a text"),
    ]  # fmt: skip


def test_the_target_is_what_follows_the_trigger():
    one = imported("Hug:\n  - res: hugs %target%\n    at: true")
    assert said(one, "hug somebody dear") == "hugs somebody dear"
    assert said(one, "somebody") == "hugs somebody"
    assert said(one, "HUG") == "hugs"
    anywhere = imported("hug:\n  - res: hugs %target%\n    ca: true")
    assert not anywhere.spec.enabled
    assert any("`%target%` is what follows the trigger" in note for note in anywhere.notes)
