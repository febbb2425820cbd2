"""The script of the tests, in discord.py."""

from __future__ import annotations

import asyncio
import datetime
import io
import logging
import os
import signal

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket

WORDS = ("hello", "hey", "bye")


class Panel(discord.ui.View):
    """A button and two menus."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Go", custom_id="go", style=discord.ButtonStyle.primary)
    async def go(self, interaction: discord.Interaction, button: discord.ui.Button[Panel]) -> None:
        await interaction.response.edit_message(content=f"{interaction.user.name} pressed go.")

    @discord.ui.select(
        custom_id="colour",
        max_values=2,
        options=[discord.SelectOption(label=name.capitalize(), value=name) for name in ("red", "green", "blue")],
    )
    async def colour(self, interaction: discord.Interaction, select: discord.ui.Select[Panel]) -> None:
        await interaction.response.send_message(f"{interaction.user.name} chose {', '.join(select.values)}.")

    @discord.ui.select(cls=discord.ui.UserSelect, custom_id="people")
    async def people(self, interaction: discord.Interaction, select: discord.ui.UserSelect[Panel]) -> None:
        chosen = ", ".join(user.name for user in select.values)
        await interaction.response.send_message(f"{interaction.user.name} chose {chosen}.")


class Form(discord.ui.Modal, title="Introduce yourself"):
    """Two texts, each with the label that a modal's parts have since 2025."""

    name: discord.ui.Label[Form] = discord.ui.Label(text="Name", component=discord.ui.TextInput(custom_id="name"))
    about: discord.ui.Label[Form] = discord.ui.Label(
        text="About you",
        component=discord.ui.TextInput(custom_id="about", style=discord.TextStyle.paragraph, required=False),
    )

    def __init__(self) -> None:
        super().__init__(custom_id="form")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        name, about = (str(label.component) for label in (self.name, self.about))
        await interaction.response.send_message(f"Hello, {name}." + (f" ({about})" if about else ""))


class Bot(discord.Client):
    """The events of the script."""

    def __init__(self) -> None:
        # Nothing but the server's own guilds is waited for: by default a second of silence is.
        super().__init__(intents=discord.Intents.all(), chunk_guilds_at_startup=False, guild_ready_timeout=0.2)
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        _, url, _ = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        add_commands(self.tree)
        await self.tree.sync()

    def channel(self, name: str) -> discord.TextChannel:
        guild = min(self.guilds, key=lambda one: one.name)
        return next(channel for channel in guild.text_channels if channel.name == name)

    async def on_ready(self) -> None:
        guilds = sorted(self.guilds, key=lambda guild: guild.name)
        shown = [f"{guild.name} ({', '.join(channel.name for channel in guild.channels)})" for guild in guilds]
        assert self.user is not None
        await self.channel("general").send(f"Ready: {self.user.name} in {', '.join(shown)}.")

    async def on_resumed(self) -> None:
        await self.channel("random").send("Resumed.")

    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot:
            return
        if message.content.startswith("!echo "):
            await message.reply(f"{message.author.name} said: {message.content.removeprefix('!echo ')}")
        elif message.content == "!react":
            await message.add_reaction("👍")
            await message.add_reaction("👎")
            await message.reply("Reacted.")

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        if event.member is None or event.member.bot or self.user is None:
            return
        if event.message_author_id == self.user.id:
            channel = self.get_partial_messageable(event.channel_id)
            await channel.send(f"{event.member.name} reacted with {event.emoji}")


def add_commands(tree: app_commands.CommandTree[Bot]) -> None:
    add_order(tree)
    add_answers(tree)
    add_files(tree)
    add_crowd(tree)
    note = app_commands.Group(name="note", description="Notes")

    @note.command(description="Note something")
    @app_commands.describe(text="What to note")
    async def add(interaction: discord.Interaction, text: str) -> None:
        await interaction.response.send_message(f"Noted: {text}")

    tree.add_command(note)

    async def complete(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=word.capitalize(), value=word) for word in WORDS if word.startswith(typed)]

    @tree.command(description="Find a word")
    @app_commands.describe(word="The word")
    @app_commands.autocomplete(word=complete)
    async def find(interaction: discord.Interaction, word: str) -> None:
        await interaction.response.send_message(f"Found {word}")


def add_order(tree: app_commands.CommandTree[Bot]) -> None:
    @tree.command(description="Order a dish")
    @app_commands.choices(dish=[app_commands.Choice(name=one.capitalize(), value=one) for one in ("soup", "salad")])
    async def order(
        interaction: discord.Interaction,
        dish: str,
        count: app_commands.Range[int, 1, 9],
        price: float,
        takeaway: bool,
        guest: discord.Member,
        place: discord.TextChannel,
        rank: discord.Role,
    ) -> None:
        await interaction.response.send_message(
            f"{count} x {dish} for {price}, takeaway {'yes' if takeaway else 'no'}, "
            f"guest {guest.name}, place {place.name}, rank {rank.name}"
        )


def add_answers(tree: app_commands.CommandTree[Bot]) -> None:
    @tree.command(description="Take time")
    async def slow(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="Here at last.")

    @tree.command(description="Answer more than once")
    async def twice(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("First.")
        await interaction.followup.send("Second.")
        await interaction.followup.send("Third, for you only.", ephemeral=True)

    @tree.command(description="Answer in private")
    async def secret(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Only you see this.", ephemeral=True)

    @tree.command(description="Show buttons and menus")
    async def panel(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Choose.", view=Panel())

    @tree.command(description="Open a form")
    async def form(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Form())


def add_files(tree: app_commands.CommandTree[Bot]) -> None:
    @tree.command(description="Show an embed")
    async def card(interaction: discord.Interaction) -> None:
        moment = datetime.datetime(2030, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
        embed = discord.Embed(
            title="Menu",
            description="What there is",
            url="https://menu.example/today",
            colour=0xFFAA00,
            timestamp=moment,
        )
        embed.set_author(name="The cook").set_footer(text="Served hot")
        embed.add_field(name="Soup", value="four").add_field(name="Salad", value="five", inline=False)
        await interaction.response.send_message(embed=embed)

    @tree.command(description="Send a file")
    async def file(interaction: discord.Interaction) -> None:
        report = discord.File(io.BytesIO(b"A line."), "report.txt")
        await interaction.response.send_message("Here is the report.", file=report)
        message = await interaction.original_response()
        await interaction.followup.send(f"Read back: {(await message.attachments[0].read()).decode()}")

    @tree.command(description="Read a file")
    async def read(interaction: discord.Interaction, paper: discord.Attachment) -> None:
        await interaction.response.send_message(f"{paper.filename} holds {(await paper.read()).decode()}")


def add_crowd(tree: app_commands.CommandTree[Bot]) -> None:
    @tree.command(description="Count the members")
    async def crowd(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        assert interaction.guild is not None
        chunked = await interaction.guild.chunk(cache=False)
        listed = [member async for member in interaction.guild.fetch_members(limit=None)]
        found = await interaction.guild.query_members("guest001", limit=3, cache=False)
        names = " ".join(sorted(member.name for member in found))
        await interaction.edit_original_response(
            content=f"{len(chunked or ())} by chunks, {len(listed)} by list, found {names}"
        )


async def main() -> None:
    """Run until SIGTERM."""
    logging.basicConfig(level=logging.WARNING)
    discord.http.Route.BASE = os.environ["DISCORD_API_URL"]
    bot, stop = Bot(), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with bot:
        running = asyncio.create_task(bot.start(os.environ["DISCORD_TOKEN"]))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        await bot.close()
        await running


asyncio.run(main())
