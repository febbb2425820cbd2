"""What a plugin may rely on. ``from chandelier import Plugin`` is the only import most plugins need."""

from chandelier.caching import Cache
from chandelier.calls import Actor, Call, Outcome, Status, Surface
from chandelier.commands import Command, Cooldown, Group, Resolution, command
from chandelier.config import Config, GuildConfig
from chandelier.context import Context, JobContext, Occasion, PluginContext
from chandelier.declaration import Declaration
from chandelier.errors import (
    BadOption,
    ChandelierError,
    ContractError,
    NeedMissing,
    NotAllowed,
    NotFound,
    NotRunning,
    ServiceUnavailable,
    TooSoon,
    Unavailable,
    UserError,
)
from chandelier.findings import Finding
from chandelier.needs import Need
from chandelier.parts import Backoff, Job, Listener, Page, job, on
from chandelier.permissions import Permission
from chandelier.plugin import Plugin
from chandelier.server_commands import ServerCommand, ServerOption
from chandelier.services import optional
from chandelier.states import State
from chandelier.types import Answer, Choice, Duration, Instant, Length, Listing, Paragraph, Reply, Snowflake, Suggest

__all__ = [
    "Actor",
    "Answer",
    "Backoff",
    "BadOption",
    "Cache",
    "Call",
    "ChandelierError",
    "Choice",
    "Command",
    "Config",
    "Context",
    "ContractError",
    "Cooldown",
    "Declaration",
    "Duration",
    "Finding",
    "Group",
    "GuildConfig",
    "Instant",
    "Job",
    "JobContext",
    "Length",
    "Listener",
    "Listing",
    "Need",
    "NeedMissing",
    "NotAllowed",
    "NotFound",
    "NotRunning",
    "Occasion",
    "Outcome",
    "Page",
    "Paragraph",
    "Permission",
    "Plugin",
    "PluginContext",
    "Reply",
    "Resolution",
    "ServerCommand",
    "ServerOption",
    "ServiceUnavailable",
    "Snowflake",
    "State",
    "Status",
    "Suggest",
    "Surface",
    "TooSoon",
    "Unavailable",
    "UserError",
    "command",
    "job",
    "on",
    "optional",
]
