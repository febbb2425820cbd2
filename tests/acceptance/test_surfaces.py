"""The ways in, as people meet them: prefixes, mentions, direct messages, other bots; and the log of it all."""

from __future__ import annotations

import asyncio

import pytest


async def test_ping_answers_on_every_surface(bot):
    alice = bot.member("alice")
    assert (await alice.slash("ping")).text.startswith("Pong!")
    assert (await alice.say("!ping")).text.startswith("Pong!")
    answer = await bot.api.get("/api/v1/ping")
    assert (answer.status, list(answer.json)) == (200, ["latency_ms"])


async def test_a_server_chooses_its_own_prefix_and_no_other_is_touched(bot, sandbox):
    alice, elsewhere = bot.member("alice"), sandbox.member("alice")
    assert (await alice.slash("prefix", new="?")).text == "Text commands begin with `?` here, as in `?ping`."
    assert (await alice.say("?ping")).text.startswith("Pong!")
    assert await alice.say("!ping", expect=False, timeout_s=0.5) is None
    assert (await elsewhere.say("!ping")).text.startswith("Pong!")
    assert (await alice.say("?prefix default")).text == "Text commands begin with `!` here, as in `!ping`."
    assert (await alice.say("!ping")).text.startswith("Pong!")


@pytest.mark.parametrize("prefix", ["/", "much too long", "a b", "x", "@!"])
async def test_a_prefix_that_nobody_could_type_is_refused(bot, prefix):
    reply = await bot.member("alice").slash("prefix", new=prefix)
    assert reply.ephemeral
    assert reply.text.startswith("A prefix ")


async def test_the_prefix_over_rest_is_the_same_one(bot):
    path = f"/api/v1/guilds/{bot.guild_id}/settings"
    assert (await bot.api.get(path)).json == {"text_prefix": "!"}
    changed = await bot.api.put(path, json={"text_prefix": "$"})
    assert (changed.status, changed.json) == (200, {"text_prefix": "$"})
    assert (await bot.member("alice").say("$ping")).text.startswith("Pong!")


async def test_a_mention_of_the_bot_is_a_prefix_everywhere(bot, sandbox):
    assert (await bot.member("alice").say(f"<@{sandbox.bot_id}> ping")).text.startswith("Pong!")


async def test_direct_messages_work_and_what_needs_a_server_says_so(bot):
    alice = bot.member("alice").in_direct_messages()
    assert (await alice.slash("ping")).text.startswith("Pong!")
    assert (await alice.say("!ping")).text.startswith("Pong!")
    assert "works in a server only" in (await alice.say("!custom list")).text


@pytest.mark.parametrize("text", ["ping", "! ping", "!", "!nobody-has-this", "!!ping", "what is !ping", "  "])
async def test_what_is_no_command_gets_no_answer(bot, text):
    alice = bot.member("alice")
    if text.strip():
        assert await alice.say(text, expect=False, timeout_s=0.3) is None


async def test_words_are_read_in_any_case_and_across_lines(bot):
    alice = bot.member("alice")
    assert (await alice.say("!PING")).text.startswith("Pong!")
    await alice.say('!Custom\nADD "hello" Two\nlines')
    assert (await alice.say("!hello")).text == "Two\nlines"


async def test_an_answer_pings_nobody(bot, sandbox):
    alice, bob = bot.member("alice"), bot.member("bob")
    await alice.slash("custom add", name="loud", content=f"@everyone {bob.mention}")
    reply = await alice.say("!loud")
    message = sandbox.world.message(reply.channel_id, reply.message_id)
    assert (message.mention_everyone, [user.id for user in message.mentions]) == (False, [])


async def test_every_use_is_in_the_log_with_its_surface_and_outcome(bot):
    alice = bot.member("alice")
    await alice.slash("ping")
    await alice.say("!remind me soon tea")
    await bot.api.get(f"/api/v1/guilds/{bot.guild_id}/custom/nothing")
    async with asyncio.timeout(5):
        while len(rows := (await bot.api.get(f"/api/v1/guilds/{bot.guild_id}/logging")).json["items"]) < 3:
            await asyncio.sleep(0.05)
    seen = {(row["surface"], row["command"], row["status"], row["code"]) for row in rows}
    assert {
        ("slash", "ping", "answered", None),
        ("text", "remind me", "refused", "bad_option"),
        ("rest", "custom show", "refused", "not_found"),
    } <= seen
    assert all(row["guild_id"] == str(bot.guild_id) for row in rows)


async def test_the_same_command_at_once_from_many_people_is_answered_to_each(bot):
    people = [bot.member(f"person{number}") for number in range(20)]
    replies = await asyncio.gather(*(person.slash("ping") for person in people))
    assert all(reply.text.startswith("Pong!") for reply in replies)
