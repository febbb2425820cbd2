"""hikari, a client that is strict about answers, administers a server of the sandbox."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import hikari
import pytest
from hikari.events.stage_events import StageInstanceCreateEvent

from chandelier_sandbox import Sandbox

from .requests_table import PNG


@pytest.fixture
def events(bot: hikari.GatewayBot) -> list[hikari.Event]:
    heard: list[hikari.Event] = []
    bot.subscribe(hikari.Event, _keeper(heard))
    return heard


def _keeper(heard: list[hikari.Event]) -> Any:
    async def keep(event: hikari.Event) -> None:
        heard.append(event)

    return keep


async def told(heard: list[hikari.Event], *kinds: type[hikari.Event]) -> None:
    """Wait until an event of each kind has arrived."""
    async with asyncio.timeout(5):
        while missing := [kind for kind in kinds if not any(isinstance(one, kind) for one in heard)]:
            assert missing
            await asyncio.sleep(0.01)


async def test_roles_and_members(bot: hikari.GatewayBot, sandbox: Sandbox, events: list[hikari.Event]) -> None:
    guild, bob = sandbox.guild.id, sandbox.member("bob").id
    role = await bot.rest.create_role(guild, name="Red", color=0xFF0000, permissions=hikari.Permissions.SEND_MESSAGES)
    role = await bot.rest.edit_role(guild, role, name="Blue", reason="calmer")
    await bot.rest.reposition_roles(guild, {1: role})
    assert {one.name for one in await bot.rest.fetch_roles(guild)} >= {"Blue", "@everyone"}
    await bot.rest.add_role_to_member(guild, bob, role)
    until = sandbox.clock.now() + timedelta(hours=1)
    member = await bot.rest.edit_member(guild, bob, nickname="Bobby", communication_disabled_until=until)
    assert (member.nickname, role.id in member.role_ids) == ("Bobby", True)
    await bot.rest.edit_my_member(guild, nickname="Botty")
    assert [one.user.username for one in await bot.rest.search_members(guild, "bob")] == ["bob"]
    await bot.rest.delete_role(guild, role)
    await bot.rest.ban_user(guild, bob, reason="noise", delete_message_seconds=60)
    assert [ban.reason async for ban in bot.rest.fetch_bans(guild)] == ["noise"]
    await bot.rest.unban_user(guild, bob)
    await bot.rest.kick_user(guild, sandbox.member("carol").id)
    assert await bot.rest.estimate_guild_prune_count(guild) == 0
    await told(events, hikari.RoleCreateEvent, hikari.RoleUpdateEvent, hikari.RoleDeleteEvent, hikari.MemberUpdateEvent)
    await told(events, hikari.BanCreateEvent, hikari.BanDeleteEvent, hikari.MemberDeleteEvent)


async def test_channels_of_every_kind(bot: hikari.GatewayBot, sandbox: Sandbox, events: list[hikari.Event]) -> None:
    guild, rest = sandbox.guild.id, bot.rest
    group = await rest.create_guild_category(guild, "Group")
    text = await rest.create_guild_text_channel(guild, "text", category=group, topic="Talk", rate_limit_per_user=5)
    assert (text.topic, text.parent_id) == ("Talk", group.id)
    await rest.create_guild_news_channel(guild, "news")
    forum = await rest.create_guild_forum_channel(guild, "forum", available_tags=[hikari.ForumTag(name="help")])
    assert [tag.name for tag in forum.available_tags] == ["help"]
    talk = await rest.create_guild_voice_channel(guild, "talk", user_limit=5)
    stage = await rest.create_guild_stage_channel(guild, "stage")
    everyone = hikari.PermissionOverwriteType.ROLE
    await rest.edit_permission_overwrite(text, guild, target_type=everyone, deny=hikari.Permissions.SEND_MESSAGES)
    await rest.delete_permission_overwrite(text, guild)
    edited = await rest.edit_channel(text, name="changed", nsfw=True)
    assert edited.name == "changed"
    await rest.reposition_channels(guild, {0: talk})
    opened = await rest.create_stage_instance(stage, topic="Song")
    assert (await rest.edit_stage_instance(stage, topic="Songs")).id == opened.id
    await rest.delete_stage_instance(stage)
    invite = await rest.create_invite(text, max_age=60)
    assert invite.code in {one.code for one in await rest.fetch_guild_invites(guild)}
    assert (await rest.fetch_invite(invite.code)).guild_id == guild
    await rest.delete_invite(invite.code)
    for channel in (group, text, forum, talk, stage):
        await rest.delete_channel(channel)
    await told(events, hikari.GuildChannelCreateEvent, hikari.GuildChannelUpdateEvent, hikari.GuildChannelDeleteEvent)
    await told(events, hikari.InviteCreateEvent, hikari.InviteDeleteEvent, StageInstanceCreateEvent)


async def test_the_server_and_its_expressions(
    bot: hikari.GatewayBot, sandbox: Sandbox, events: list[hikari.Event]
) -> None:
    guild, rest = sandbox.guild.id, bot.rest
    edited = await rest.edit_guild(guild, name="Parlour", system_channel=sandbox.guild.channel("general").id)
    assert edited.name == "Parlour"
    assert (await rest.fetch_guild_preview(guild)).name == "Parlour"
    emoji = await rest.create_emoji(guild, "wave", hikari.Bytes(PNG, "wave.png"))
    assert (await rest.edit_emoji(guild, emoji, name="bow")).name == "bow"
    sticker = await rest.create_sticker(guild, "hand", "hand", hikari.Bytes(PNG, "hand.png"))
    assert [one.name for one in await rest.fetch_guild_stickers(guild)] == ["hand"]
    await rest.delete_sticker(guild, sticker)
    await rest.delete_emoji(guild, emoji)
    start = sandbox.clock.now() + timedelta(days=1)
    event = await rest.create_external_event(guild, "Fair", "Market", start, start + timedelta(hours=1))
    await rest.edit_scheduled_event(guild, event, name="Market day")
    assert [one.user.id async for one in rest.fetch_scheduled_event_users(guild, event)] == [sandbox.bot_id]
    await rest.delete_scheduled_event(guild, event)
    kinds = {entry.action_type async for log in rest.fetch_audit_log(guild) for entry in log.entries.values()}
    assert {hikari.AuditLogEventType.GUILD_UPDATE, hikari.AuditLogEventType.EMOJI_CREATE} <= kinds
    template = await rest.create_template(guild, "Copy")
    assert (await rest.fetch_template(template)).name == "Copy"
    assert [one.id for one in await rest.fetch_integrations(guild)] == [sandbox.application_id]
    assert (await rest.fetch_widget(guild)).is_enabled is False
    assert (await rest.fetch_guild_voice_regions(guild))[0].is_optimal_location
    await told(events, hikari.GuildUpdateEvent, hikari.EmojisUpdateEvent, hikari.StickersUpdateEvent)
    await told(events, hikari.ScheduledEventCreateEvent, hikari.ScheduledEventDeleteEvent)
    await told(events, hikari.AuditLogEntryCreateEvent)
