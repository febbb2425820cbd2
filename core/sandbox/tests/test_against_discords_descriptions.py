"""What the sandbox sends, judged by Discord's own OpenAPI document and the gateway schema."""

from __future__ import annotations

import asyncio
from typing import Any

import hikari

from chandelier_sandbox import Sandbox


async def test_every_event_fits_the_gateway_schema(sandbox: Sandbox, bot: hikari.GatewayBot, spec: Any) -> None:
    alice = sandbox.member("alice")
    await asyncio.gather(
        alice.slash("ping"),
        alice.slash("slow"),
        alice.slash("echo", text="hi", count=3, who="bob", where="random", colour="Red"),
        alice.in_direct_messages().slash("ping"),
        alice.autocomplete("find", "word", "he"),
        alice.say("!ping"),
    )
    await alice.say("!dm", wait=False)
    await alice.next_message(timeout_s=3)
    button = await alice.say("!button")
    assert button is not None
    await alice.press(button, "go")
    message = alice.post(f"hello {sandbox.member('bob').mention}")
    alice.edit(message, "changed")
    alice.react(message, "👍")
    sandbox.world.unreact(sandbox.world.message(alice.channel.id, message), sandbox.world.users[alice.id], "👍")
    alice.delete(message)
    sandbox.world.typing(alice.channel, sandbox.world.users[alice.id])
    guild = sandbox.world.add_guild("Annex")
    erin = sandbox.member("erin", guild=guild, permissions=["KICK_MEMBERS"])
    sandbox.member("erin", guild=guild, permissions=["BAN_MEMBERS"])
    sandbox.world.remove_channel(guild, sandbox.world.add_channel(guild, "attic"))
    sandbox.world.remove_member(guild, sandbox.world.users[erin.id])
    sandbox.world.remove_guild(guild)
    await bot.request_guild_members(sandbox.guild.id)
    await asyncio.sleep(0.05)
    dispatches = sandbox.transcript.dispatches
    findings = [finding for one in dispatches for finding in spec.event_findings(one.name, one.payload)]
    assert not findings, "\n".join(findings)
    assert len({one.name for one in dispatches}) >= 17


ANSWERS = [
    ("GET", "/gateway/bot", None, "GatewayBotResponse"),
    ("GET", "/users/@me", None, "UserPIIResponse"),
    ("GET", "/users/{bob}", None, "UserResponse"),
    ("GET", "/users/@me/guilds", None, "[]MyGuildResponse"),
    ("GET", "/applications/@me", None, "PrivateApplicationResponse"),
    ("GET", "/oauth2/applications/@me", None, "PrivateApplicationResponse"),
    ("GET", "/guilds/{guild}?with_counts=true", None, "GuildWithCountsResponse"),
    ("GET", "/guilds/{guild}/channels", None, "[]GuildChannelResponse"),
    ("GET", "/guilds/{guild}/roles", None, "[]GuildRoleResponse"),
    ("GET", "/guilds/{guild}/members?limit=10", None, "[]GuildMemberResponse"),
    ("GET", "/channels/{general}", None, "GuildChannelResponse"),
    ("POST", "/users/@me/channels", {"recipient_id": "{bob}"}, "PrivateChannelResponse"),
    ("POST", "/channels/{general}/messages", {"content": "<@{bob}>", "embeds": [{"title": "t"}]}, "MessageResponse"),
    ("GET", "/channels/{general}/messages", None, "[]MessageResponse"),
    (
        "PUT",
        "/applications/{app}/commands",
        [{"name": "a", "description": "a", "options": [{"type": 3, "name": "o", "description": "o"}]}],
        "[]ApplicationCommandResponse",
    ),
    ("GET", "/applications/{app}/commands", None, "[]ApplicationCommandResponse"),
]


async def test_the_main_answers_fit_the_openapi_document(rest: Any, sandbox: Sandbox, spec: Any) -> None:
    names = {
        "{bob}": sandbox.member("bob").id,
        "{guild}": sandbox.guild.id,
        "{general}": sandbox.guild.channel("general").id,
        "{app}": sandbox.application_id,
    }

    def named(value: Any) -> Any:
        if isinstance(value, str):
            for name, number in names.items():
                value = value.replace(name, str(number))
        elif isinstance(value, dict):
            return {key: named(inner) for key, inner in value.items()}
        return value

    findings = []
    for method, path, body, schema in ANSWERS:
        status, answer, _ = await rest(method, named(path), named(body))
        assert status == 200, (path, answer)
        one_by_one = answer if schema.startswith("[]") else [answer]
        assert one_by_one
        findings += [f"{path}: {one}" for part in one_by_one for one in spec.answer_findings(schema.strip("[]"), part)]
    assert not findings, "\n".join(findings)


async def test_the_answers_to_interactions_fit_too(rest: Any, sandbox: Sandbox, spec: Any) -> None:
    await rest("PUT", f"/applications/{sandbox.application_id}/commands", [{"name": "a", "description": "a"}])
    task = asyncio.create_task(sandbox.member("bob").slash("a"))
    await asyncio.sleep(0)
    interaction = next(iter(sandbox._discord.interactions._by_id.values()))
    path = f"/interactions/{interaction.id}/{interaction.token}/callback?with_response=true"
    _, answer, _ = await rest("POST", path, {"type": 4, "data": {"content": "hi"}})
    findings = spec.answer_findings("InteractionCallbackResponse", answer)
    webhook = f"/webhooks/{sandbox.application_id}/{interaction.token}"
    _, more, _ = await rest("POST", webhook, {"content": "more"})
    _, original, _ = await rest("GET", f"{webhook}/messages/@original")
    findings += [one for message in (more, original) for one in spec.answer_findings("MessageResponse", message)]
    assert not findings, "\n".join(findings)
    await task
