"""INTERACTION_CREATE: one use of a command, component or form as the bot is told of it."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

import orjson

from chandelier_sandbox.discord import Discord
from chandelier_sandbox.drafts.files import FILE_MOST_BYTES
from chandelier_sandbox.errors import DiscordError
from chandelier_sandbox.events import Event, JsonObject
from chandelier_sandbox.interactions.interactions import Interaction, InteractionKind
from chandelier_sandbox.payloads import channel_json, entitlement_json, member_json, user_json
from chandelier_sandbox.payloads.users import LOCALE
from chandelier_sandbox.records import Entitlement, Guild
from chandelier_sandbox.transcript.transcript import Dispatch

_log = logging.getLogger("chandelier_sandbox.endpoint")
_IN_GUILD, _WITH_BOT = 0, 1  # Discord: Receiving and Responding, Interaction Context Types


def tell(discord: Discord, interaction: Interaction, data: JsonObject) -> None:
    """Keep an interaction and tell the bot of it. data: what was asked, as Discord describes it."""
    discord.interactions.open(interaction)
    payload = interaction_json(discord, interaction, data)
    endpoint = discord.endpoint
    if endpoint.url is None:
        discord.feed.publish(Event("INTERACTION_CREATE", payload, interaction.channel.guild_id))
        return
    posting = asyncio.create_task(_post(discord, endpoint.url, interaction, payload), name=f"post {interaction.id}")
    endpoint.under_way.add(posting)
    posting.add_done_callback(endpoint.under_way.discard)


async def _post(discord: Discord, url: str, interaction: Interaction, payload: JsonObject) -> None:
    """Post an interaction; an answer with a body is its first answer, one without was given by the callback."""
    transcript, raw = discord.transcript, orjson.dumps(payload)
    transcript.note(Dispatch(transcript.next_number(), discord.clock.time(), "INTERACTION_CREATE", 0, (0, 1), raw))
    posted = await discord.endpoint.post(url, payload)
    if posted.status == 200 and posted.body is not None:
        try:
            discord.interactions.acknowledge(interaction.id, interaction.token, posted.body, [])
        except DiscordError as error:
            _log.warning("the interactions endpoint answered what Discord refuses: %s", error.message)


def interaction_json(discord: Discord, interaction: Interaction, data: JsonObject) -> JsonObject:
    """Describe an interaction (Discord: Receiving and Responding, Interaction Structure)."""
    world, channel = discord.world, interaction.channel
    guild = None if channel.guild_id is None else world.guild(channel.guild_id)
    payload: JsonObject = {
        "id": str(interaction.id),
        "application_id": str(world.application_id),
        "type": int(interaction.kind),
        "token": interaction.token,
        "version": 1,
        "data": data,
        "channel": channel_json(channel),
        "channel_id": str(channel.id),
        "app_permissions": str(world.permissions_in(channel, world.bot)),
        "locale": LOCALE,
        "entitlements": _entitlements(discord, interaction, guild),
        "authorizing_integration_owners": {"0": "0" if guild is None else str(guild.id)},
        "context": _WITH_BOT if guild is None else _IN_GUILD,
        "attachment_size_limit": FILE_MOST_BYTES,
    }
    if interaction.source is not None and interaction.kind in (InteractionKind.COMPONENT, InteractionKind.MODAL):
        payload["message"] = world.render(interaction.source)
    if guild is None:
        return payload | {"user": user_json(interaction.user)}
    held = world.permissions_in(channel, interaction.user)
    locale = str(guild.settings.get("preferred_locale") or LOCALE)
    payload["guild_id"] = str(guild.id)
    payload["guild"] = {"id": str(guild.id), "locale": locale, "features": guild.features()}
    payload["guild_locale"] = locale
    payload["member"] = member_json(guild.members[interaction.user.id]) | {"permissions": str(held)}
    return payload


def _entitlements(discord: Discord, interaction: Interaction, guild: Guild | None) -> list[JsonObject]:
    everything = discord.application.entitlements
    if not everything:
        return []
    now = discord.clock.now()
    mine = [
        one
        for one in everything.values()
        if _is_active(one, now)
        and (one.user_id == interaction.user.id or (guild is not None and one.guild_id == guild.id))
    ]
    return [entitlement_json(one, discord.application.id) for one in mine]


def _is_active(entitlement: Entitlement, now: datetime) -> bool:
    return not entitlement.deleted and (entitlement.ends_at is None or entitlement.ends_at > now)
