"""Is a command right? Everything that is wrong with it is said before it is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache
from zoneinfo import available_timezones

import re2

from chandelier import BadOption, Permission
from chandelier_custom.names import check_name, fits, fold_name
from chandelier_custom.schedules import complain_of_line
from chandelier_custom.spec import Button, Message, Option, Spec, Trigger
from chandelier_custom.templates.rendering import TemplateFailed, check
from chandelier_custom.trying import try_example

#: Kinds of triggers that need a text, and those that no message asks for.
WITH_TEXT = frozenset({"exact", "starts", "contains", "regex", "reaction", "component", "cron"})
LONGEST_PATTERN_MEMORY = 1 << 20
MOST_IN_ROW = 5


def must_be_right(spec: Spec, reserved: Collection[str]) -> Spec:
    """Give a command with its names folded, or raise BadOption with all that is wrong with it."""
    if r"\u0000" in spec.model_dump_json():
        raise BadOption("The command holds a NUL character, which cannot be stored.", option="command")
    name = check_name(spec.name, reserved)
    aliases = list(dict.fromkeys(check_name(alias, reserved) for alias in spec.aliases))
    spec = spec.model_copy(update={"name": name, "aliases": [alias for alias in aliases if alias != name]})
    complaints = list(dict.fromkeys(complaints_of(spec)))
    if complaints:
        raise BadOption(" ".join(complaints[:5]), option="content")
    return spec


def complaints_of(spec: Spec) -> Iterator[str]:
    """Say what is wrong with a command, one sentence each."""
    for number, message in enumerate(spec.messages, 1):
        yield from _check_message(message, "" if len(spec.messages) == 1 else f"Message {number}: ")
    for trigger in spec.triggers:
        yield from check_trigger(trigger)
    yield from _check_options(spec.options)
    if spec.deny.permission is not None:
        yield "`deny` takes roles, channels and users; a permission belongs into `allow`."
    if spec.allow.permission is not None and spec.allow.permission.upper() not in Permission.__members__:
        yield f"`{spec.allow.permission[:40]}` is no permission of Discord, such as `manage_messages`."
    if spec.slash and not _fits_slash(spec.name):
        yield f"`{spec.name}` cannot be a slash command: Discord takes small letters, digits, `-` and `_`."


def check_trigger(trigger: Trigger) -> Iterator[str]:
    """Say what is wrong with a trigger."""
    if trigger.kind in WITH_TEXT and not trigger.text.strip():
        yield f"A trigger of the kind `{trigger.kind}` needs a `text`."
    if trigger.kind == "regex" and (complaint := complain_of_pattern(trigger.text)):
        yield complaint
    if trigger.zone not in _zones():
        yield f"`{trigger.zone[:40]}` is no time zone, such as `Europe/Berlin`."
    if trigger.kind == "cron" and trigger.text.strip() and (complaint := complain_of_line(trigger)):
        yield complaint
    if trigger.kind == "interval" and trigger.every_s is None:
        yield "A trigger of the kind `interval` needs `every_s`."
    if trigger.kind in ("interval", "cron", "join", "leave") and trigger.channel_id is None:
        yield f"A trigger of the kind `{trigger.kind}` needs a `channel_id`, where it answers."


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # reads the file system each time


def complain_of_pattern(pattern: str) -> str | None:
    """Say what is wrong with a regular expression; None for one that RE2 takes."""
    options = re2.Options()
    options.log_errors, options.max_mem = False, LONGEST_PATTERN_MEMORY
    try:
        found = re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else "it is none"
        words = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        return f"The regular expression `{pattern[:60]}` cannot be read: {words[:100]}."
    if "\\C" in pattern:
        return f"The regular expression `{pattern[:60]}` uses \\C, which matches half a letter; use a dot."
    if found.search("") is not None:
        return f"The regular expression `{pattern[:60]}` matches every message."
    return None


def _check_message(message: Message, place: str) -> Iterator[str]:
    if not message.content.strip() and not message.embeds:
        yield f"{place}`content` must hold something to say; Discord sends no empty message."
    for text in texts_of(message):
        if (complaint := check(text)) is not None:
            yield place + complaint
    for row in message.buttons:
        if not 1 <= len(row) <= MOST_IN_ROW:
            yield f"{place}A row has 1 to {MOST_IN_ROW} buttons."
        yield from (place + said for button in row for said in _check_button(button))


def _check_button(button: Button) -> Iterator[str]:
    if bool(button.url) == bool(button.press):
        yield f"The button `{button.label}` needs either a `url` or a `press`."


def _check_options(options: list[Option]) -> Iterator[str]:
    names = [option.name for option in options]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"Two options are called `{name}`."
    required = [option.required for option in options]
    if required != sorted(required, reverse=True):
        yield "Options that may be left out come after those that may not."
    for option in options:
        if option.choices and option.kind != "text":
            yield f"The option `{option.name}` has choices, which only text can have."


def texts_of(message: Message) -> Iterator[str]:
    """Give every template of a message."""
    yield message.content
    for embed in message.embeds:
        yield from (embed.title, embed.description, embed.url, embed.author, embed.footer, embed.image, embed.thumbnail)
        for field in embed.fields:
            yield from (field.name, field.value)
    for row in message.buttons:
        yield from (button.url for button in row)


def must_pass_examples(spec: Spec) -> None:
    """Run the examples that were saved with a command; raise BadOption for the first that comes out otherwise."""
    for number, example in enumerate(spec.examples, 1):
        try:
            said = try_example(spec, example.arguments)
        except TemplateFailed as failed:
            raise BadOption(
                f"Example {number} (`{example.arguments}`) failed. {failed.sentence}", option="examples"
            ) from None
        if example.expect not in said:
            shown = said if len(said) <= 200 else said[:200] + "…"
            sentence = f"Example {number} (`{example.arguments}`) expects `{example.expect[:200]}` and got: {shown or 'nothing'}"
            raise BadOption(sentence, option="examples")


def _fits_slash(name: str) -> bool:
    return fits(name) and name == fold_name(name)
