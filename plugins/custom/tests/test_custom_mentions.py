"""Whatever a command and its arguments are, nobody is pinged whom its author did not switch on: judged at the local Discord."""

from __future__ import annotations

import itertools
import os
import random

MANY = int(os.environ.get("CHANDELIER_FUZZ", "150"))
PIECES = (
    "@everyone", "@here", "{bob}", "{role}", "{{{{ text }}}}", "{{{{ args[0] }}}}", "{{{{ user.mention }}}}",
    "{{{{ '{id}' | mention_user }}}}", "{{{{ text | replace: '_', '' }}}}", "{{{{ '@ever' | append: 'yone' }}}}", "`", "\\\\",
    "\u200b", "<", ">", "&", "!", "@", "words", "\n> ", "||", "```",
)  # fmt: skip
GIVEN = (
    "@everyone", "@here", "<@{id}>", "<@!{id}>", "<@&{role_id}>", "@every_one", "{{{{ 7 }}}}", "<@&{guild}>", "<@&", "plain",
    "<@\u200b{id}>",
)  # fmt: skip


#: A server may use its commands 300 times in a minute: after so many cases the next server's turn comes.
IN_ONE_SERVER = 150


async def server(bot, number):
    """Give somebody who asks, where, and what the placeholders stand for in a server of its own."""
    guild = await bot.join(f"of mentions, {number}")
    alice, bob = (bot.sandbox.member(name, guild=guild) for name in ("alice", "bob"))
    role = bot.sandbox.world.add_role(guild, "pingable")
    names = {"bob": bob.mention, "role": f"<@&{role.id}>", "id": bob.id, "role_id": role.id, "guild": guild.id}
    return alice, f"/api/v1/guilds/{guild.id}/custom/loud", names


async def test_nobody_is_pinged_whom_the_command_was_not_given(bot, monkeypatch):
    chance = random.Random(20)
    allowed_sets = [[], ["users"], ["roles"], ["users", "roles"]]
    for number, allowed in zip(range(MANY), itertools.cycle(allowed_sets), strict=False):
        if number % IN_ONE_SERVER == 0:
            alice, path, names = await server(bot, number)
        content = "".join(chance.choices(PIECES, k=chance.randint(1, 6))).format(**names)
        given = " ".join(chance.choices(GIVEN, k=chance.randint(0, 3))).format(**names)
        message = {"content": content or "x", "embeds": [{"description": content or "x"}]}
        command = {
            "name": "loud",
            "messages": [message, message],
            "mentions": allowed,
            "answer": chance.choice(["here", "reply"]),
        }
        kept = await bot.api.put(path, json={"command": command})
        assert kept.status == 200, (content, kept.json)
        door = number % 2
        # Of the answers to slash commands every second one takes so long that it is an edit of a message begun before.
        monkeypatch.setattr("chandelier_core.surfaces.slash.DEFER_AFTER_S", 0.0 if number % 4 else 2.0)
        first = await (alice.say(f"!loud {given}") if door else alice.slash("custom run", name="loud", arguments=given))
        if "could not be worked out" in first.text:
            continue
        for reply in (first, await alice.next_message()):
            sent = bot.sandbox.world.message(reply.channel_id, reply.message_id)
            assert not sent.mention_everyone, (command, given)
            assert "users" in allowed or not sent.mentions, (command, given)
            assert "roles" in allowed or not sent.mention_roles, (command, given)
