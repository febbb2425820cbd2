"""What becomes of Carl-bot's tags."""

from __future__ import annotations

import json

import pytest

from chandelier_custom.importers import Imported, read
from chandelier_custom.trying import preview


def imported(content: str, **parts: object) -> Imported:
    [one] = read("carl", json.dumps([{"name": "tag", "content": content} | parts])).commands
    return one


def said(one: Imported, arguments: str = "one two") -> str:
    return "|".join(worked.content for worked in preview(one.spec, arguments))


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ("Hi {user} {user(mention)} {user(name)} {user(id)}", "Hi Ada <@175928847299117063> ada 175928847299117063"),
        ("{server} {server(members)} {channel} {channel(mention)}", "Lovelace Society 128 general <#81384788765712384>"),
        ("{user(joined_at)} {uses} {mention}", "2024-02-29 12:00:00 1 <@175928847299117063>"),
        ("{args}|{1}|{args(2)}|{args(0)}|{args(2+)}|{args(+1)}|{args(1):w}", "one two|one|two|two|two|one|one t"),
        ("{if({args}==one two):yes|no} {if({1}!=one):a}", "yes"),
        ("{if({len:{args}}>=7):long|short}", "long"),
        ("{any({1}==x|{1}==one):A|B}{all(1==1|2==3):C|D}", "AD"),
        ("{=(who):{user}}{let(big):{upper:{who}}}{who}/{big}/{who(1):d}", "Ada/ADA/A"),
        ("{m:2*(3+4)-1} {math:14/7} {+:7/2} {calc:-2*abs(-3)} {m:2*{len:{1}}} {m:7%4}", "13 2 3.5 -6 6 3"),
        ("{lower:ABC} {upper:abc} {replace(o,0):{args}} {join(-):a b c}", "abc ABC 0ne tw0 a-b-c"),
        ("{in(ne):{args}} {contains(ne):{args}} {contains(one):{args}}", "true false true"),
        ("{list(1):a,b,c} {list(-1):a~b} {cycle(5):a,b,c} {substr(0-2):{args}}", "b b c on"),
        ("{urlencode:a b} {urlencode(+):a b}", "a%20b a+b"),
        ("{strf:%d/%m/%Y} {strf:%F} {strf({user(joined_at)}):%Y}", "10/06/2026 2026-06-10 2024"),
        ("{target(id)} {target(mention)}", "175928847299117063 <@175928847299117063>"),
        ("{stop({args}!=one two):wrong}right", "right"),
        ("{break({args}==one two):only this}never", "only this"),
        ("{a b} { } } {{ {% raw %} it's", "{a b} { } } {{ {% raw %} it's"),
    ],
)  # fmt: skip
def test_it_says_the_same(content, answer):
    one = imported(content)
    assert said(one) == answer
    assert one.spec.enabled, one.notes


def test_who_is_mentioned_is_the_target():
    assert said(imported("{target(id)} {target}"), "hug <@!42> now") == "42 <@42>"


def test_chance_stays_within_what_it_was():
    content = imported("{random:a,b~c} {#:x,y} {range:1-6} {5050:z}").spec.messages[0].content
    assert "{{ 'a,b|c' | split: '|' | pick }} {{ 'x,y' | split: ',' | pick }} {{ 1 | random: 6 }}" in content
    weighted = imported("{#:2|win,lose {user}}")
    assert "1 | random: 3" in weighted.spec.messages[0].content


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("x{delete}", "`{delete}` deleted the message"),
        ("x{c:ban {args}}", "runs another command"),
        ("x{override}", "without its permission"),
        ("x{redirect:123456789012345678}", "an answer goes to where it was asked"),
        ("x{require(no):123456789012345678}", "put it into `allow.roles` or `allow.channels`"),
        ("x{blacklist:Muted}", "put it into `deny.roles` or `deny.channels`"),
        ("{user(color)}", "`{user(color)}` has no counterpart"),
        ("{unix}", "`{unix}` has no counterpart"),
        ("{random(seed):a,b}", "same for the same seed"),
        ("{{user}}", "`{{user}}` has no counterpart"),
        ("{if({args}==a):{=(x):1}|b}", "within a branch"),
        ("first {stop({args}==):x} then", "ends the tag within it"),
        ("x{react:{user}}", "its emoji are worked out"),
        ("{m:2^8}", "has no counterpart"),
        ("x{embed(timestamp):now}", "is no part of an embed"),
        ("{td:2020-01-01 00.00.00}", "has no counterpart"),
    ],
)
def test_what_it_cannot_do_is_named_and_switches_it_off(content, part):
    one = imported(content)
    assert not one.spec.enabled
    assert any(part in note for note in one.notes), one.notes


def test_what_is_set_by_blocks_is_set():
    one = imported(
        "{dm}{react:👍 👎}{blacklist(no):123456789012345678,<#223456789012345678>}{require:<@&323456789012345678>}hello"
    )
    spec = one.spec
    assert (spec.answer, spec.reactions, said(one)) == ("dm", ["👍", "👎"], "hello")
    assert spec.deny.roles == [123456789012345678]
    assert spec.deny.channels == [123456789012345678, 223456789012345678]
    assert spec.allow.roles == [323456789012345678]
    assert spec.enabled
    assert any("refuses with a sentence of its own" in note for note in one.notes)
    assert any("reacts to the message that asked here" in note for note in one.notes)
    assert not imported("x{reactu:👍}").notes


def test_an_embed_is_one_and_sees_the_variables_of_the_tag():
    one = imported('{=(n):{upper:{user}}}{embed({"title": "T {n}", "color": 255, "fields": [{"name": "a", "value": "{args}"}]})}'
                   "{embed(description):of {server}}{embed(field):b|c|true}words")  # fmt: skip
    [worked] = preview(one.spec, "one")
    assert worked.content == "words"
    assert worked.embeds == [{
        "title": "T ADA", "description": "of Lovelace Society", "color": 255,
        "fields": [{"name": "a", "value": "one", "inline": False}, {"name": "b", "value": "c", "inline": True}],
    }]  # fmt: skip
    assert one.spec.enabled, one.notes


def test_an_embed_that_was_built_on_the_web_comes_along():
    one = imported("", embed=json.dumps({"title": "Hi {user}", "footer": {"text": "f"}}))
    assert preview(one.spec, "")[0].embeds == [{"title": "Hi Ada", "footer": {"text": "f"}}]


def test_what_an_embed_draws_is_not_drawn_twice_without_a_word():
    one = imported("{=(n):{range:1-6}}{embed(title):{n}}rolled {n}")
    assert not one.spec.enabled
    assert any("drawn by chance" in note for note in one.notes)


def test_tags_are_read_as_a_list_as_an_object_and_by_name():
    for document in ([{"name": "a", "content": "x"}], {"tags": [{"name": "a", "text": "x"}]}, {"a": "x"}, {"a": {"content": "x"}},
                     {"name": "a", "content": "x"}):  # fmt: skip
        [one] = read("carl", json.dumps(document)).commands
        assert (one.name, said(one)) == ("a", "x")


def test_owner_aliases_and_what_is_unknown_are_told():
    one = imported("x", owner_id="5", uses=7, aliases=["y"], nsfw=True)
    assert not one.spec.enabled
    for part in ("its owner is not carried over", "`aliases: y`", "`nsfw` is no part of a tag"):
        assert any(part in note for note in one.notes), part


def test_what_has_no_content_or_too_much_is_skipped():
    found = read(
        "carl", json.dumps([{"name": "a"}, 5, {"name": "c", "content": "x" * 25_000}, {"name": "d", "content": ""}])
    )
    assert [one.name for one in found.skipped] == ["a", "tag 2", "c", "d"]
