"""What a custom command is: the one form in which people write it, it is stored, exported, imported and previewed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from chandelier import Snowflake

#: Discord's limits (documentation: Messages, Embed Limits; Components; Application Commands, Option Structure).
LONGEST_CONTENT = 2000
MOST_EMBEDS = 10
MOST_ROWS = 5
MOST_OPTIONS = 25

Text = Annotated[str, Field(max_length=4000)]


class Strict(BaseModel):
    """Takes no field that it does not know."""

    model_config = ConfigDict(extra="forbid")


class Trigger(Strict):
    """What makes a command run, besides its name.

    ``text`` is what a message must be, begin with, contain or match (``regex``: RE2's syntax), the emoji of a reaction, the
    word of a component, or a line of cron. An interval has ``every_s``. Whatever no message asks for answers in ``channel_id``.
    """

    kind: Literal["exact", "starts", "contains", "regex", "reaction", "component", "interval", "cron", "join", "leave"]
    text: str = Field("", max_length=300)
    case_sensitive: bool = False
    every_s: int | None = Field(None, ge=300, le=30 * 86400)
    zone: str = Field("UTC", max_length=64)
    channel_id: Snowflake | None = None


class EmbedField(Strict):
    """One field of an embed."""

    name: Annotated[str, Field(min_length=1, max_length=1000)]
    value: Annotated[str, Field(min_length=1, max_length=2000)]
    inline: bool = False


class Embed(Strict):
    """A card below the words; every text is a template. ``colour`` is ``#RRGGBB``."""

    title: Text = ""
    description: Text = ""
    url: Text = ""
    colour: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None
    author: Text = ""
    footer: Text = ""
    image: Text = ""
    thumbnail: Text = ""
    fields: list[EmbedField] = Field(default_factory=list, max_length=25)


class Button(Strict):
    """A button: a link, or a word that runs the command that has this word as a component trigger."""

    label: Annotated[str, Field(min_length=1, max_length=80)]
    style: Literal["primary", "secondary", "success", "danger"] = "secondary"
    url: Text = ""
    press: str = Field("", max_length=60)
    emoji: str = Field("", max_length=64)


class Message(Strict):
    """One message that a command sends. ``weight`` counts where one of several is drawn."""

    content: Text = ""
    embeds: list[Embed] = Field(default_factory=list, max_length=MOST_EMBEDS)
    buttons: list[list[Button]] = Field(default_factory=list, max_length=MOST_ROWS)
    weight: int = Field(1, ge=1, le=100)


class Option(Strict):
    """A typed argument."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,32}$")]
    kind: Literal["text", "integer", "number", "yes_no", "user", "channel", "role"] = "text"
    description: str = Field("", max_length=100)
    required: bool = True
    choices: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field(default_factory=list, max_length=25)


class Rule(Strict):
    """Whom or where a rule names. ``permission`` is one of Discord's, by name, such as ``manage_messages``; only in ``allow``."""

    roles: list[Snowflake] = Field(default_factory=list, max_length=50)
    channels: list[Snowflake] = Field(default_factory=list, max_length=50)
    users: list[Snowflake] = Field(default_factory=list, max_length=50)
    permission: str | None = None


class Cooldowns(Strict):
    """Seconds between two uses."""

    user_s: int = Field(0, ge=0, le=30 * 86400)
    channel_s: int = Field(0, ge=0, le=30 * 86400)
    server_s: int = Field(0, ge=0, le=30 * 86400)


class Example(Strict):
    """A use with what must come of it; it is run before an edit is accepted. ``expect`` is a part of what is said."""

    arguments: str = Field("", max_length=300)
    expect: Annotated[str, Field(min_length=1, max_length=2000)]


class Spec(Strict):
    """A custom command, whole."""

    name: str
    aliases: list[str] = Field(default_factory=list, max_length=10)
    description: str = Field("", max_length=100)
    triggers: list[Trigger] = Field(default_factory=list, max_length=5)
    messages: list[Message] = Field(min_length=1, max_length=20)
    pick: Literal["all", "random"] = "all"
    answer: Literal["reply", "here", "dm"] = "reply"
    ephemeral: bool = False
    reactions: list[Annotated[str, Field(min_length=1, max_length=64)]] = Field(default_factory=list, max_length=10)
    options: list[Option] = Field(default_factory=list, max_length=MOST_OPTIONS)
    mentions: list[Literal["users", "roles", "everyone"]] = Field(default_factory=list, max_length=3)
    allow: Rule = Rule()
    deny: Rule = Rule()
    cooldowns: Cooldowns = Cooldowns()
    slash: bool = False
    enabled: bool = True
    examples: list[Example] = Field(default_factory=list, max_length=20)
