"""The script of the tests, in hikari, without any command framework."""

from __future__ import annotations

import asyncio
import datetime
import logging
import os
import signal
from collections.abc import Sequence

import hikari
from hikari import ComponentInteraction, InteractionMember, ModalInteraction, ResponseType
from hikari.impl import AutocompleteChoiceBuilder

WORDS = ("hello", "hey", "bye")


class Bot:
    """The events of the script."""

    def __init__(self) -> None:
        self.app = hikari.GatewayBot(
            os.environ["DISCORD_TOKEN"],
            rest_url=os.environ["DISCORD_API_URL"],
            banner=None,
            logs=None,
            suppress_optimization_warning=True,
            auto_chunk_members=False,
            intents=hikari.Intents.ALL,
        )
        self.awaited: set[hikari.Snowflake] = set()
        for listener in (self.ready, self.available, self.resumed, self.message, self.reaction, self.interaction):
            self.app.listen()(listener)

    async def ready(self, event: hikari.ShardReadyEvent) -> None:
        self.awaited = set(event.unavailable_guilds)
        await self.app.rest.set_application_commands(event.application_id, self.commands())
        await self.greet()

    async def available(self, event: hikari.GuildAvailableEvent) -> None:
        self.awaited.discard(event.guild_id)

    async def greet(self) -> None:
        while self.awaited:
            await self.app.wait_for(hikari.GuildAvailableEvent, timeout=10)
        guilds = sorted(self.app.cache.get_guilds_view().values(), key=lambda guild: guild.name)
        shown = []
        for guild in guilds:
            names = [channel.name for channel in guild.get_channels().values()]
            shown.append(f"{guild.name} ({', '.join(str(name) for name in names)})")
        me = self.app.get_me()
        await self.say("general", f"Ready: {me.username if me else None} in {', '.join(shown)}.")

    async def say(self, name: str, text: str) -> None:
        guild = min(self.app.cache.get_guilds_view().values(), key=lambda one: one.name)
        channel = next(one for one in guild.get_channels().values() if one.name == name)
        await self.app.rest.create_message(channel.id, text)

    async def resumed(self, event: hikari.ShardResumedEvent) -> None:
        await self.say("random", "Resumed.")

    async def message(self, event: hikari.GuildMessageCreateEvent) -> None:
        if event.is_bot or event.content is None:
            return
        if event.content.startswith("!echo "):
            text = f"{event.author.username} said: {event.content.removeprefix('!echo ')}"
            await event.message.respond(text, reply=True)
        elif event.content == "!react":
            await event.message.add_reaction("👍")
            await event.message.add_reaction("👎")
            await event.message.respond("Reacted.", reply=True)

    async def reaction(self, event: hikari.GuildReactionAddEvent) -> None:
        if event.member.is_bot:
            return
        message = await self.app.rest.fetch_message(event.channel_id, event.message_id)
        me = self.app.get_me()
        if me is not None and message.author.id == me.id:
            text = f"{event.member.username} reacted with {event.emoji_name}"
            await self.app.rest.create_message(event.channel_id, text)

    async def interaction(self, event: hikari.InteractionCreateEvent) -> None:
        match event.interaction:
            case hikari.CommandInteraction() as asked:
                await getattr(self, f"use_{asked.command_name}")(asked)
            case hikari.AutocompleteInteraction() as typing:
                await self.complete(typing)
            case hikari.ComponentInteraction() as pressed:
                await self.press(pressed)
            case hikari.ModalInteraction() as filled:
                await self.submit(filled)

    # Commands

    def commands(self) -> list[hikari.api.SlashCommandBuilder]:
        make, kind = self.app.rest.slash_command_builder, hikari.OptionType
        plain = ("slow", "twice", "secret", "card", "file", "panel", "form", "crowd")
        text = hikari.CommandOption(type=kind.STRING, name="text", description="What to note", is_required=True)
        add = hikari.CommandOption(type=kind.SUB_COMMAND, name="add", description="Note something", options=[text])
        word = hikari.CommandOption(
            type=kind.STRING, name="word", description="The word", autocomplete=True, is_required=True
        )
        paper = hikari.CommandOption(type=kind.ATTACHMENT, name="paper", description="The file", is_required=True)
        read = make("read", "Read a file").add_option(paper)
        note, find = make("note", "Notes").add_option(add), make("find", "Find a word").add_option(word)
        return [self.order(), note, find, read, *(make(name, "A part of the script") for name in plain)]

    def order(self) -> hikari.api.SlashCommandBuilder:
        option, kind = hikari.CommandOption, hikari.OptionType
        dishes = [hikari.CommandChoice(name=one.capitalize(), value=one) for one in ("soup", "salad")]
        order = self.app.rest.slash_command_builder("order", "Order a dish")
        order.add_option(option(type=kind.STRING, name="dish", description="Dish", is_required=True, choices=dishes))
        order.add_option(option(type=kind.INTEGER, name="count", description="Count", min_value=1, max_value=9))
        order.add_option(option(type=kind.FLOAT, name="price", description="Price"))
        order.add_option(option(type=kind.BOOLEAN, name="takeaway", description="Takeaway"))
        order.add_option(option(type=kind.USER, name="guest", description="Guest"))
        order.add_option(option(type=kind.CHANNEL, name="place", description="Place"))
        return order.add_option(option(type=kind.ROLE, name="rank", description="Rank"))

    async def use_order(self, asked: hikari.CommandInteraction) -> None:
        given = {option.name: option.value for option in asked.options or ()}
        assert asked.resolved is not None
        takeaway = "yes" if given["takeaway"] else "no"
        guest = asked.resolved.members[hikari.Snowflake(given["guest"] or 0)]
        place = asked.resolved.channels[hikari.Snowflake(given["place"] or 0)]
        rank = asked.resolved.roles[hikari.Snowflake(given["rank"] or 0)]
        await answer(
            asked,
            f"{given['count']} x {given['dish']} for {given['price']}, takeaway {takeaway}, "
            f"guest {guest.username}, place {place.name}, rank {rank.name}",
        )

    async def use_note(self, asked: hikari.CommandInteraction) -> None:
        add = (asked.options or ())[0]
        await answer(asked, f"Noted: {(add.options or ())[0].value}")

    async def use_find(self, asked: hikari.CommandInteraction) -> None:
        await answer(asked, f"Found {(asked.options or ())[0].value}")

    async def complete(self, typing: hikari.AutocompleteInteraction) -> None:
        typed = str(typing.options[0].value)
        await typing.create_response(
            [AutocompleteChoiceBuilder(word.capitalize(), word) for word in WORDS if word.startswith(typed)]
        )

    async def use_slow(self, asked: hikari.CommandInteraction) -> None:
        await asked.create_initial_response(ResponseType.DEFERRED_MESSAGE_CREATE)
        await asked.edit_initial_response("Here at last.")

    async def use_twice(self, asked: hikari.CommandInteraction) -> None:
        await answer(asked, "First.")
        await asked.execute("Second.")
        await asked.execute("Third, for you only.", flags=hikari.MessageFlag.EPHEMERAL)

    async def use_secret(self, asked: hikari.CommandInteraction) -> None:
        await asked.create_initial_response(
            ResponseType.MESSAGE_CREATE, "Only you see this.", flags=hikari.MessageFlag.EPHEMERAL
        )

    async def use_card(self, asked: hikari.CommandInteraction) -> None:
        moment = datetime.datetime(2030, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
        embed = hikari.Embed(
            title="Menu",
            description="What there is",
            url="https://menu.example/today",
            color=0xFFAA00,
            timestamp=moment,
        )
        embed.set_author(name="The cook").set_footer("Served hot")
        embed.add_field("Soup", "four", inline=True).add_field("Salad", "five")
        await asked.create_initial_response(ResponseType.MESSAGE_CREATE, embed=embed)

    async def use_file(self, asked: hikari.CommandInteraction) -> None:
        report = hikari.Bytes(b"A line.", "report.txt")
        await asked.create_initial_response(ResponseType.MESSAGE_CREATE, "Here is the report.", attachment=report)
        message = await asked.fetch_initial_response()
        await asked.execute(f"Read back: {(await message.attachments[0].read()).decode()}")

    async def use_read(self, asked: hikari.CommandInteraction) -> None:
        assert asked.resolved is not None
        (paper,) = asked.resolved.attachments.values()
        await answer(asked, f"{paper.filename} holds {(await paper.read()).decode()}")

    async def use_crowd(self, asked: hikari.CommandInteraction) -> None:
        await asked.create_initial_response(ResponseType.DEFERRED_MESSAGE_CREATE)
        assert asked.guild_id is not None
        chunked = await self.gather(asked.guild_id, "all")
        listed = await self.app.rest.fetch_members(asked.guild_id).count()
        found = await self.gather(asked.guild_id, "some", query="guest001", limit=3)
        names = " ".join(sorted(member.username for member in found))
        await asked.edit_initial_response(f"{len(chunked)} by chunks, {listed} by list, found {names}")

    async def gather(
        self, guild: hikari.Snowflake, nonce: str, query: str = "", limit: int = 0
    ) -> Sequence[hikari.Member]:
        found: list[hikari.Member] = []
        with self.app.stream(hikari.MemberChunkEvent, timeout=10).filter(nonce=nonce) as chunks:
            await self.app.request_guild_members(guild, include_presences=False, query=query, limit=limit, nonce=nonce)
            async for chunk in chunks:
                found += chunk.members.values()
                if chunk.chunk_index + 1 == chunk.chunk_count:
                    break
        return found

    # Components

    async def use_panel(self, asked: hikari.CommandInteraction) -> None:
        rows = [self.app.rest.build_message_action_row() for _ in range(3)]
        rows[0].add_interactive_button(hikari.ButtonStyle.PRIMARY, "go", label="Go")
        menu = rows[1].add_text_menu("colour", max_values=2)
        for name in ("red", "green", "blue"):
            menu.add_option(name.capitalize(), name)
        rows[2].add_select_menu(hikari.ComponentType.USER_SELECT_MENU, "people")
        await asked.create_initial_response(ResponseType.MESSAGE_CREATE, "Choose.", components=rows)

    async def press(self, pressed: ComponentInteraction) -> None:
        who = pressed.user.username
        if pressed.custom_id == "go":
            await pressed.create_initial_response(ResponseType.MESSAGE_UPDATE, f"{who} pressed go.")
            return
        chosen: list[str] = list(pressed.values)
        if pressed.custom_id == "people":
            assert pressed.resolved is not None
            members: Sequence[InteractionMember] = list(pressed.resolved.members.values())
            chosen = [member.username for member in members]
        await pressed.create_initial_response(ResponseType.MESSAGE_CREATE, f"{who} chose {', '.join(chosen)}.")

    async def use_form(self, asked: hikari.CommandInteraction) -> None:
        rows = [self.app.rest.build_modal_action_row() for _ in range(2)]
        rows[0].add_text_input("name", "Name")
        rows[1].add_text_input("about", "About you", style=hikari.TextInputStyle.PARAGRAPH, required=False)
        await asked.create_modal_response("Introduce yourself", "form", components=rows)

    async def submit(self, filled: ModalInteraction) -> None:
        texts = {part.custom_id: part.value for row in filled.components for part in row}
        about = f" ({texts['about']})" if texts.get("about") else ""
        await filled.create_initial_response(ResponseType.MESSAGE_CREATE, f"Hello, {texts['name']}.{about}")


async def answer(asked: hikari.CommandInteraction, text: str) -> None:
    await asked.create_initial_response(ResponseType.MESSAGE_CREATE, text)


async def main() -> None:
    """Run until SIGTERM."""
    logging.basicConfig(level=logging.WARNING)
    bot, stop = Bot(), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await bot.app.start(check_for_updates=False)
    await stop.wait()
    await bot.app.close()


asyncio.run(main())
