"""The script of the tests, in disnake."""

from __future__ import annotations

import asyncio
import datetime
import enum
import io
import logging
import os
import signal

import disnake
from disnake.ext import commands
from disnake.interactions.application_command import ApplicationCommandInteraction
from disnake.interactions.message import MessageInteraction
from disnake.interactions.modal import ModalInteraction
from disnake.ui.select.string import StringSelect, string_select
from disnake.ui.select.user import UserSelect, user_select

WORDS = ("hello", "hey", "bye")
Dish = enum.Enum("Dish", {"Soup": "soup", "Salad": "salad"})
Asked = ApplicationCommandInteraction[commands.InteractionBot]
Pressed = MessageInteraction[commands.InteractionBot]


class Panel(disnake.ui.View):
    """A button and two menus."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @disnake.ui.button(label="Go", custom_id="go", style=disnake.ButtonStyle.primary)
    async def go(self, button: disnake.ui.Button[Panel], interaction: Pressed) -> None:
        await interaction.response.edit_message(content=f"{interaction.author.name} pressed go.")

    @string_select(
        custom_id="colour",
        max_values=2,
        options={name.capitalize(): name for name in ("red", "green", "blue")},
    )
    async def colour(self, select: StringSelect[Panel], interaction: Pressed) -> None:
        await interaction.response.send_message(f"{interaction.author.name} chose {', '.join(select.values)}.")

    @user_select(custom_id="people")
    async def people(self, select: UserSelect[Panel], interaction: Pressed) -> None:
        chosen = ", ".join(user.name for user in select.values)
        await interaction.response.send_message(f"{interaction.author.name} chose {chosen}.")


class Form(disnake.ui.Modal):
    """Two texts, each in a row of its own, as modals were first made."""

    def __init__(self) -> None:
        name = disnake.ui.TextInput(label="Name", custom_id="name")
        about = disnake.ui.TextInput(
            label="About you", custom_id="about", style=disnake.TextInputStyle.paragraph, required=False
        )
        super().__init__(title="Introduce yourself", custom_id="form", components=[name, about])

    async def callback(self, interaction: ModalInteraction[disnake.Client]) -> None:
        about = interaction.text_values["about"]
        hello = f"Hello, {interaction.text_values['name']}."
        await interaction.response.send_message(hello + (f" ({about})" if about else ""))


class Bot(commands.InteractionBot):
    """The events of the script."""

    def __init__(self) -> None:
        super().__init__(intents=disnake.Intents.all(), chunk_guilds_at_startup=False, guild_ready_timeout=0.2)

    def channel(self, name: str) -> disnake.TextChannel:
        guild = min(self.guilds, key=lambda one: one.name)
        return next(channel for channel in guild.text_channels if channel.name == name)

    async def on_ready(self) -> None:
        guilds = sorted(self.guilds, key=lambda guild: guild.name)
        shown = [f"{guild.name} ({', '.join(channel.name for channel in guild.channels)})" for guild in guilds]
        await self.channel("general").send(f"Ready: {self.user.name} in {', '.join(shown)}.")

    async def on_resumed(self) -> None:
        await self.channel("random").send("Resumed.")

    async def on_message(self, message: disnake.Message) -> None:
        if message.author.bot:
            return
        if message.content.startswith("!echo "):
            await message.reply(f"{message.author.name} said: {message.content.removeprefix('!echo ')}")
        elif message.content == "!react":
            await message.add_reaction("👍")
            await message.add_reaction("👎")
            await message.reply("Reacted.")

    async def on_raw_reaction_add(self, event: disnake.RawReactionActionEvent) -> None:
        if event.member is None or event.member.bot:
            return
        if event.message_author_id == self.user.id:
            channel = self.get_partial_messageable(event.channel_id)
            await channel.send(f"{event.member.name} reacted with {event.emoji}")


def add_commands(bot: Bot) -> None:
    add_order(bot)
    add_answers(bot)
    add_files(bot)
    add_crowd(bot)

    @bot.slash_command(description="Notes")
    async def note(interaction: Asked) -> None:
        pass

    @note.sub_command(description="Note something")
    async def add(interaction: Asked, text: str) -> None:
        await interaction.response.send_message(f"Noted: {text}")

    @bot.slash_command(description="Find a word")
    async def find(interaction: Asked, word: str) -> None:
        await interaction.response.send_message(f"Found {word}")

    @find.autocomplete("word")
    async def complete(interaction: Asked, typed: str) -> dict[str, str]:
        return {word.capitalize(): word for word in WORDS if word.startswith(typed)}


def add_order(bot: Bot) -> None:
    @bot.slash_command(description="Order a dish")
    async def order(
        interaction: Asked,
        dish: Dish,
        count: commands.Range[int, 1, 9],
        price: float,
        takeaway: bool,
        guest: disnake.Member,
        place: disnake.TextChannel,
        rank: disnake.Role,
    ) -> None:
        await interaction.response.send_message(
            f"{count} x {dish} for {price}, takeaway {'yes' if takeaway else 'no'}, "
            f"guest {guest.name}, place {place.name}, rank {rank.name}"
        )


def add_answers(bot: Bot) -> None:
    @bot.slash_command(description="Take time")
    async def slow(interaction: Asked) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response("Here at last.")

    @bot.slash_command(description="Answer more than once")
    async def twice(interaction: Asked) -> None:
        await interaction.response.send_message("First.")
        await interaction.followup.send("Second.")
        await interaction.followup.send("Third, for you only.", ephemeral=True)

    @bot.slash_command(description="Answer in private")
    async def secret(interaction: Asked) -> None:
        await interaction.response.send_message("Only you see this.", ephemeral=True)

    @bot.slash_command(description="Show buttons and menus")
    async def panel(interaction: Asked) -> None:
        await interaction.response.send_message("Choose.", view=Panel())

    @bot.slash_command(description="Open a form")
    async def form(interaction: Asked) -> None:
        await interaction.response.send_modal(Form())


def add_files(bot: Bot) -> None:
    @bot.slash_command(description="Show an embed")
    async def card(interaction: Asked) -> None:
        moment = datetime.datetime(2030, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
        embed = disnake.Embed(
            title="Menu",
            description="What there is",
            url="https://menu.example/today",
            colour=0xFFAA00,
            timestamp=moment,
        )
        embed.set_author(name="The cook").set_footer(text="Served hot")
        embed.add_field("Soup", "four").add_field("Salad", "five", inline=False)
        await interaction.response.send_message(embed=embed)

    @bot.slash_command(description="Send a file")
    async def file(interaction: Asked) -> None:
        report = disnake.File(io.BytesIO(b"A line."), "report.txt")
        await interaction.response.send_message("Here is the report.", file=report)
        message = await interaction.original_response()
        await interaction.followup.send(f"Read back: {(await message.attachments[0].read()).decode()}")

    @bot.slash_command(description="Read a file")
    async def read(interaction: Asked, paper: disnake.Attachment) -> None:
        await interaction.response.send_message(f"{paper.filename} holds {(await paper.read()).decode()}")


def add_crowd(bot: Bot) -> None:
    @bot.slash_command(description="Count the members")
    async def crowd(interaction: Asked) -> None:
        await interaction.response.defer()
        assert interaction.guild is not None
        chunked = await interaction.guild.chunk(cache=False)
        listed = [member async for member in interaction.guild.fetch_members(limit=None)]
        found = await interaction.guild.query_members("guest001", limit=3, cache=False)
        names = " ".join(sorted(member.name for member in found))
        await interaction.edit_original_response(
            f"{len(chunked or ())} by chunks, {len(listed)} by list, found {names}"
        )


async def main() -> None:
    """Run until SIGTERM."""
    logging.basicConfig(level=logging.WARNING)
    disnake.http.Route.BASE = os.environ["DISCORD_API_URL"]
    bot, stop = Bot(), asyncio.Event()
    add_commands(bot)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    running = asyncio.create_task(bot.start(os.environ["DISCORD_TOKEN"]))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    await bot.close()
    await running


asyncio.run(main())
