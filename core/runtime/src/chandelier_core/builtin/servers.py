"""``/plugin``: which plugins a server uses, and its settings for them."""
# No deferred annotations here: those of the commands name the suggestions that are made beside them.

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic_core import to_jsonable_python

from chandelier import BadOption, Context, Group, Plugin, Suggest, Surface
from chandelier.types import Suggester
from chandelier_core.guilds.plugins import HOST
from chandelier_core.guilds.reading import choices_of, read_typed
from chandelier_core.life.naming import find_plugin
from chandelier_core.loading.plugins_file import nearest

if TYPE_CHECKING:
    from chandelier_core.guilds.plugins import GuildPlugins
    from chandelier_core.registry import Entry, Registry

IN_DISCORD = frozenset({Surface.SLASH, Surface.TEXT})
MOST_SUGGESTED = 25


@dataclass(frozen=True, slots=True)
class Counter:
    """What the commands work on."""

    registry: "Registry"
    plugins: "GuildPlugins"

    def find(self, name: str) -> "Entry":
        """Find a plugin that was validated, by its name."""
        entry = find_plugin(self.registry, name)
        if entry.declaration is None:
            raise BadOption(f"{name.capitalize()} does not run: {entry.sentence}", option="plugin")
        return entry

    @property
    def shown(self) -> list["Entry"]:
        """Give the plugins that a server may decide about."""
        return [entry for entry in self.registry.validated if entry.name != HOST]


CounterInUse = Callable[[], Counter]


def add_servers(plugin: Plugin, counter_in_use: CounterInUse) -> None:
    """Add the group ``/plugin``. What it works on is asked for when a command runs, not before."""
    group = plugin.group("plugin", "Which plugins this server uses, and how they are set.")
    _add_switches(group, counter_in_use)
    _add_settings(group, counter_in_use)


def _add_switches(group: Group, counter_in_use: CounterInUse) -> None:
    names = Suggest(_suggest_plugins(counter_in_use))

    @group.command(name="list", surfaces=IN_DISCORD, where="guild", allow="manage_guild", ephemeral=True)
    async def list_(ctx: Context) -> str:
        """Show which plugins are on in this server."""
        counter = counter_in_use()
        lines = []
        for entry in counter.shown:
            word = "on" if counter.plugins.uses(entry.name, ctx.here) else "off"
            trouble = "" if entry.state.running else f" ({entry.sentence})"
            lines.append(f"**{entry.name}** is {word}{trouble}: {entry.declared.summary}")
        return "\n".join(lines) or "This bot has no plugins."

    @group.command(surfaces=IN_DISCORD, where="guild", allow="manage_guild", ephemeral=True)
    async def on(ctx: Context, plugin: Annotated[str, names]) -> str:
        """Switch a plugin on in this server.

        Args:
            plugin: The plugin's name.
        """
        counter = counter_in_use()
        entry = counter.find(plugin)
        await counter.plugins.switch(entry, ctx.here, on=True)
        return f"{entry.name.capitalize()} is on in this server."

    @group.command(surfaces=IN_DISCORD, where="guild", allow="manage_guild", ephemeral=True)
    async def off(ctx: Context, plugin: Annotated[str, names]) -> str:
        """Switch a plugin off in this server; other servers keep it.

        Args:
            plugin: The plugin's name.
        """
        counter = counter_in_use()
        entry = counter.find(plugin)
        await counter.plugins.switch(entry, ctx.here, on=False)
        return f"{entry.name.capitalize()} is off in this server. What it has stored is kept."


def _add_settings(group: Group, counter_in_use: CounterInUse) -> None:
    names, settings = Suggest(_suggest_plugins(counter_in_use)), Suggest(_suggest_settings(counter_in_use))
    values = Suggest(_suggest_values(counter_in_use))

    @group.command(surfaces=IN_DISCORD, where="guild", allow="manage_guild", ephemeral=True)
    async def show(ctx: Context, plugin: Annotated[str, names]) -> str:
        """Show a plugin's settings in this server.

        Args:
            plugin: The plugin's name.
        """
        counter = counter_in_use()
        entry = counter.find(plugin)
        word = "on" if counter.plugins.uses(entry.name, ctx.here) else "off"
        lines = [
            f"**{entry.name}** is {word} in this server. {entry.declared.summary}",
            *_shown(counter, entry, ctx.here),
        ]
        wrong = counter.plugins.misfits(entry, ctx.here)
        if wrong:
            lines.append(f"Set before, and no longer taken: {', '.join(f'`{one}`' for one in wrong)}.")
        return "\n".join(lines)

    @group.command(name="set", surfaces=IN_DISCORD, where="guild", allow="manage_guild", ephemeral=True)
    async def set_(ctx: Context, plugin: Annotated[str, names], setting: Annotated[str, settings],
                   value: Annotated[str, values]) -> str:  # fmt: skip
        """Make a setting of a plugin in this server.

        Args:
            plugin: The plugin's name.
            setting: The setting's name.
            value: The value; several are written with commas, and a mention stands for its id.
        """
        counter = counter_in_use()
        entry = counter.find(plugin)
        fields = entry.declared.guild_config.model_fields
        if setting not in fields:
            raise BadOption(
                f"{entry.name.capitalize()} has no setting `{setting}`. {nearest(setting, fields)}", option="setting"
            )
        config = await counter.plugins.change(entry, ctx.here, {setting: read_typed(fields[setting], value)})
        return f"`{setting}` of {entry.name} is {_said(getattr(config, setting))} in this server."

    @group.command(surfaces=IN_DISCORD, where="guild", allow="manage_guild", ephemeral=True)
    async def reset(
        ctx: Context, plugin: Annotated[str, names], setting: Annotated[str, settings] | None = None
    ) -> str:
        """Put a setting of a plugin back to its default in this server, or all of them.

        Args:
            plugin: The plugin's name.
            setting: The setting's name; all of them where it is left out.
        """
        counter = counter_in_use()
        entry = counter.find(plugin)
        if setting is None:
            await counter.plugins.reset(entry, ctx.here)
            return f"Every setting of {entry.name} is back to its default in this server."
        config = await counter.plugins.change(entry, ctx.here, {setting: None})
        return f"`{setting}` of {entry.name} is {_said(getattr(config, setting))} again in this server."


def _shown(counter: Counter, entry: "Entry", guild_id: int) -> list[str]:
    config, default = counter.plugins.config(entry, guild_id), entry.declared.guild_config()
    lines = []
    for name, field in entry.declared.guild_config.model_fields.items():
        value, usual = getattr(config, name), getattr(default, name)
        beside = "" if value == usual else f" (by default {_said(usual)})"
        lines.append(f"- `{name}`: {_said(value)}{beside}{f'. {field.description}' if field.description else ''}")
    return lines or ["It has no settings of its own in a server."]


def _said(value: object) -> str:
    plain = to_jsonable_python(value)
    if isinstance(plain, list):
        return ", ".join(f"`{one}`" for one in plain) or "empty"
    return "not set" if plain in (None, "") else f"`{str(plain).lower() if isinstance(plain, bool) else plain}`"


def _suggest_plugins(counter_in_use: CounterInUse) -> Suggester:
    async def names(ctx: Context, typed: str) -> list[str]:
        return [entry.name for entry in counter_in_use().shown if typed.lower() in entry.name][:MOST_SUGGESTED]

    return names


def _suggest_settings(counter_in_use: CounterInUse) -> Suggester:
    async def settings(ctx: Context, typed: str) -> list[str]:
        chosen = str(ctx.call.arguments.get("plugin", ""))
        entries = [one for one in counter_in_use().shown if chosen in ("", one.name)]
        found = dict.fromkeys(name for one in entries for name in one.declared.guild_config.model_fields)
        return [name for name in found if typed.lower() in name][:MOST_SUGGESTED]

    return settings


def _suggest_values(counter_in_use: CounterInUse) -> Suggester:
    async def values(ctx: Context, typed: str) -> list[str]:
        entry = counter_in_use().registry.get(str(ctx.call.arguments.get("plugin", "")))
        fields = {} if entry is None or entry.declaration is None else entry.declared.guild_config.model_fields
        field = fields.get(str(ctx.call.arguments.get("setting", "")))
        offered = () if field is None else choices_of(field)
        return [one for one in offered if typed.lower() in one.lower()][:MOST_SUGGESTED]

    return values
