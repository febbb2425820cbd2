"""A small bot, made with the real hikari, that has one of everything the chat page shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Literal

import hikari
from hikari import CommandOption, OptionType, ResponseType
from hikari.impl import AutocompleteChoiceBuilder, special_endpoints

from chandelier_sandbox import Sandbox

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63885af00d0003370198bc25e2ca0000000049454e44ae426082"
)
STYLES: Mapping[Literal[1, 2, 3, 4], str] = {1: "Primary", 2: "Secondary", 3: "Success", 4: "Danger"}
TOWNS = ("Aarhus", "Bergen", "Bern", "Bologna", "Cork")


class ChatBot:
    """Answer every command, component and form of this module."""

    def __init__(self, bot: hikari.GatewayBot) -> None:
        self.bot = bot
        self.may_go_on = asyncio.Event()

    async def answer(self, event: hikari.InteractionCreateEvent) -> None:
        match event.interaction:
            case hikari.CommandInteraction() as interaction:
                name = interaction.command_name.lower().replace(" ", "_")
                steps: dict[str, Callable[[hikari.CommandInteraction], Awaitable[Any]]] = {
                    "echo": self.echo,
                    "town": self.town,
                    "pet": self.echo,
                    "hush": self.hush,
                    "slow": self.slow,
                    "silent": self.silent,
                    "shop": self.shop,
                    "form": self.form,
                    "card": self.card,
                    "layout": self.layout,
                    "keep": self.echo,
                    "quote": self.quote,
                    "wave_at": self.quote,
                }
                await steps[name](interaction)
            case hikari.AutocompleteInteraction() as interaction:
                typed = str(interaction.options[0].value).lower()
                fitting = [town for town in TOWNS if town.lower().startswith(typed)]
                await interaction.create_response([AutocompleteChoiceBuilder(one, one.lower()) for one in fitting])
            case hikari.ComponentInteraction() as interaction:
                text = ", ".join(interaction.values) or interaction.custom_id
                await interaction.create_initial_response(ResponseType.MESSAGE_UPDATE, f"Chosen: {text}", components=[])
            case hikari.ModalInteraction() as interaction:
                values = {one.custom_id: one.value for row in interaction.components for one in row}
                text = " / ".join(f"{name}: {value}" for name, value in values.items())
                await interaction.create_initial_response(ResponseType.MESSAGE_CREATE, text)

    async def echo(self, interaction: hikari.CommandInteraction) -> None:
        """Say which values came, of which types."""
        options = interaction.options or []
        if options and options[0].type is OptionType.SUB_COMMAND:
            options = options[0].options or []
        words = [f"{one.name}={one.value!r}" for one in options]
        files = list(interaction.resolved.attachments.values()) if interaction.resolved else []
        words += [f"{one.filename} ({one.size} bytes)" for one in files]
        await interaction.create_initial_response(ResponseType.MESSAGE_CREATE, " ".join(words) or "Nothing.")

    async def town(self, interaction: hikari.CommandInteraction) -> None:
        """Say the completed value."""
        await interaction.create_initial_response(
            ResponseType.MESSAGE_CREATE, f"Off to {interaction.options[0].value}!"
        )

    async def hush(self, interaction: hikari.CommandInteraction) -> None:
        """Answer so that nobody else sees it."""
        await interaction.create_initial_response(ResponseType.MESSAGE_CREATE, "Just between us.", flags=64)

    async def slow(self, interaction: hikari.CommandInteraction) -> None:
        """Think until the test lets go on, then say so in two steps."""
        await interaction.create_initial_response(ResponseType.DEFERRED_MESSAGE_CREATE)
        await self.may_go_on.wait()
        await interaction.edit_initial_response("Here at last.")

    async def silent(self, interaction: hikari.CommandInteraction) -> None:
        """Never answer."""

    async def shop(self, interaction: hikari.CommandInteraction) -> None:
        """Show buttons of every style, and menus."""
        rest = self.bot.rest
        buttons = rest.build_message_action_row()
        for style, name in STYLES.items():
            buttons.add_interactive_button(style, f"buy-{name.lower()}", label=name)
        buttons.add_link_button("https://example.org/shop", label="Site")
        fruit = rest.build_message_action_row()
        menu = fruit.add_text_menu("fruit", placeholder="Fruit", min_values=1, max_values=2)
        for name in ("Apple", "Banana", "Cherry"):
            menu.add_option(name, name.lower(), description=f"One {name.lower()}")
        person = rest.build_message_action_row().add_select_menu(
            hikari.ComponentType.USER_SELECT_MENU, "person", placeholder="For whom?"
        )
        await interaction.create_initial_response(
            ResponseType.MESSAGE_CREATE, "What will it be?", components=[buttons, fruit, person]
        )

    async def form(self, interaction: hikari.CommandInteraction) -> None:
        """Open a form of two fields."""
        name = special_endpoints.TextInputBuilder(
            custom_id="name", label="Your name", placeholder="As people call you", min_length=2, max_length=20
        )
        about = special_endpoints.TextInputBuilder(
            custom_id="about",
            label="About you",
            style=hikari.TextInputStyle.PARAGRAPH,
            required=False,
            value="I like tea.",
        )
        rows = [special_endpoints.ModalActionRowBuilder(components=[one]) for one in (name, about)]
        await interaction.create_modal_response("Introduce yourself", "intro", components=rows)

    async def card(self, interaction: hikari.CommandInteraction) -> None:
        """Show an embed that has every part."""
        embed = hikari.Embed(
            title="The weather",
            description=f"Rain, **mostly**. Ask <@{interaction.user.id}>.",
            url="https://example.org/weather",
            colour=0x2E86DE,
            timestamp=datetime(2026, 5, 4, 3, 2, tzinfo=UTC),
        )
        embed.set_author(name="Met Office", url="https://example.org")
        embed.set_footer("Measured twice")
        embed.set_thumbnail("https://example.org/cloud.png")
        for place in ("Aarhus", "Bergen", "Cork"):
            embed.add_field(place, "12 °C", inline=True)
        embed.add_field("Outlook", "More rain.")
        embed.set_image(hikari.Bytes(PICTURE, "map.png"))
        await interaction.create_initial_response(ResponseType.MESSAGE_CREATE, embed=embed)

    async def layout(self, interaction: hikari.CommandInteraction) -> None:
        """Show what Components V2 lay out."""
        box = special_endpoints.ContainerComponentBuilder(accent_color=hikari.Color(0xE67E22))
        box.add_text_display("## Order 12\nTwo **lamps**, one shade.")
        box.add_separator(divider=True)
        section = special_endpoints.SectionComponentBuilder(
            accessory=special_endpoints.InteractiveButtonBuilder(
                style=hikari.ButtonStyle.SUCCESS, custom_id="accept", label="Accept"
            )
        )
        section.add_text_display("Ready by <t:1800000000:D>.")
        box.add_component(section)
        await interaction.create_initial_response(ResponseType.MESSAGE_CREATE, components=[box])

    async def quote(self, interaction: hikari.CommandInteraction) -> None:
        """Name what a menu command was used on."""
        assert interaction.resolved is not None
        words = [one.content for one in interaction.resolved.messages.values()]
        words += [one.username for one in interaction.resolved.users.values()]
        await interaction.create_initial_response(ResponseType.MESSAGE_CREATE, f"On: {words[0]}")

    async def hear(self, event: hikari.MessageCreateEvent) -> None:
        match event.content if event.is_human else None:
            case "!type":
                await self.bot.rest.trigger_typing(event.channel_id)
            case "!change":
                said = await event.message.respond("first words")
                await said.edit("second words")
            case "!vanish":
                said = await event.message.respond("gone soon")
                await self.may_go_on.wait()
                await said.delete()


def commands(bot: hikari.GatewayBot) -> list[Any]:
    """Describe the commands."""
    make, menu = bot.rest.slash_command_builder, bot.rest.context_menu_command_builder
    echo = make("echo", "Say what came")
    echo.add_option(
        CommandOption(type=OptionType.STRING, name="text", description="A text", is_required=True, max_length=30)
    )
    echo.add_option(
        CommandOption(type=OptionType.INTEGER, name="count", description="How often", min_value=1, max_value=9)
    )
    echo.add_option(CommandOption(type=OptionType.BOOLEAN, name="loud", description="Shout it"))
    echo.add_option(CommandOption(type=OptionType.USER, name="who", description="A member"))
    echo.add_option(CommandOption(type=OptionType.CHANNEL, name="where", description="A channel"))
    colours = [hikari.CommandChoice(name=name, value=name[0]) for name in ("Red", "Green", "Blue")]
    echo.add_option(CommandOption(type=OptionType.STRING, name="colour", description="A colour", choices=colours))
    town = make("town", "Go somewhere")
    town.add_option(
        CommandOption(type=OptionType.STRING, name="name", description="Where to", is_required=True, autocomplete=True)
    )
    pet = make("pet", "Look after a pet")
    feed = CommandOption(type=OptionType.SUB_COMMAND, name="feed", description="Give it food")
    feed.options = [CommandOption(type=OptionType.STRING, name="food", description="What", is_required=True)]
    pet.add_option(feed)
    keep = make("keep", "Keep a file")
    keep.add_option(CommandOption(type=OptionType.ATTACHMENT, name="file", description="Any file", is_required=True))
    ban = make("ban", "Only for moderators").set_default_member_permissions(hikari.Permissions.BAN_MEMBERS)
    plain = {
        "hush": "Answer in private",
        "slow": "Take time",
        "silent": "Never answer",
        "shop": "Buttons and menus",
        "form": "A form",
        "card": "An embed",
        "layout": "Components V2",
    }
    menus = [menu(hikari.CommandType.MESSAGE, "Quote"), menu(hikari.CommandType.USER, "Wave at")]
    return [*(make(name, description) for name, description in plain.items()), echo, town, pet, keep, ban, *menus]


@asynccontextmanager
async def running_chat_bot(sandbox: Sandbox) -> AsyncIterator[ChatBot]:
    """Run the bot while the context lasts."""
    bot = hikari.GatewayBot(
        sandbox.token,
        rest_url=sandbox.api_url,
        banner=None,
        logs=None,
        suppress_optimization_warning=True,
        intents=hikari.Intents.ALL,
    )
    chat = ChatBot(bot)
    bot.subscribe(hikari.InteractionCreateEvent, chat.answer)
    bot.subscribe(hikari.MessageCreateEvent, chat.hear)
    await bot.start(check_for_updates=False)
    try:
        await bot.rest.set_application_commands(sandbox.application_id, commands(bot))
        await sandbox.wait_ready(5)
        yield chat
    finally:
        chat.may_go_on.set()
        await bot.close()
