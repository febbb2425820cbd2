"""How a line of text becomes the arguments of a command."""

from types import SimpleNamespace

import hikari
import pytest

from chandelier import Context, Duration, Plugin
from chandelier_core.surfaces.text import _read_arguments, usage_of

plugin = Plugin("lamp", summary="Lamp.")
FILE, OTHER = object(), object()


@plugin.command()
async def nothing(ctx: Context) -> None: ...


@plugin.command()
async def say(ctx: Context, text: str) -> None: ...


@plugin.command()
async def add(ctx: Context, name: str, answer: str) -> None: ...


@plugin.command()
async def dim(ctx: Context, level: int, fast: bool = False) -> None: ...


@plugin.command()
async def wait(ctx: Context, text: str, after: Duration) -> None: ...


@plugin.command()
async def hang(
    ctx: Context, picture: hikari.Attachment, title: str, frame: hikari.Attachment | None = None
) -> None: ...


@plugin.group("light", "Light.").command()
async def on(ctx: Context, colour: str, level: int = 3) -> None: ...


def command(path):
    return plugin.declare().command(path)


def read(path, line, *files):
    return _read_arguments(None, command(path), line, SimpleNamespace(attachments=list(files)))


@pytest.mark.parametrize(
    ("path", "line", "arguments"),
    [
        ("nothing", "", {}),
        ("nothing", "   ", {}),
        ("say", "", {}),
        ("say", " hello", {"text": "hello"}),
        ("say", "  hello   there  ", {"text": "hello   there"}),
        ("say", ' "hello there"', {"text": "hello there"}),
        ("say", ' "hello" there', {"text": '"hello" there'}),
        ("say", ' "a" and "b"', {"text": '"a" and "b"'}),
        ("say", ' ""', {"text": ""}),
        ("say", ' "a \\"quoted\\" word \\\\"', {"text": 'a "quoted" word \\'}),
        ("say", ' "unclosed', {"text": '"unclosed'}),
        ("say", " it's 5 o'clock", {"text": "it's 5 o'clock"}),
        ("say", " line one\nline two", {"text": "line one\nline two"}),
        ("say", " C:\\new", {"text": "C:\\new"}),
        ("add", " hello Hi there, you", {"name": "hello", "answer": "Hi there, you"}),
        ("add", ' "two words" and more', {"name": "two words", "answer": "and more"}),
        ("add", ' hello "Hi there"', {"name": "hello", "answer": "Hi there"}),
        ("add", " hello\n```py\nx\n```", {"name": "hello", "answer": "```py\nx\n```"}),
        ("add", " hello", {"name": "hello"}),
        ("add", ' "" x', {"name": "", "answer": "x"}),
        ("add", ' "unclosed quote here', {"name": '"unclosed', "answer": "quote here"}),
        ("add", "\t hello\tHi", {"name": "hello", "answer": "Hi"}),
        ("dim", " 5", {"level": "5"}),
        ("dim", " 5 yes", {"level": "5", "fast": "yes"}),
        ("dim", " five", {"level": "five"}),
        ("wait", " tea 1h 30m", {"text": "tea", "after": "1h 30m"}),
        ("light on", " red 5", {"colour": "red", "level": "5"}),
    ],
)
def test_each_option_takes_a_word_and_a_last_text_the_rest_of_the_line(path, line, arguments):
    asked = read(path, line)
    assert asked.arguments == arguments
    assert asked.complaint is None


@pytest.mark.parametrize(
    ("path", "line", "complaint"),
    [
        ("nothing", " x", "`nothing` takes nothing after it; I do not know what to do with the rest."),
        ("dim", " 5 yes please", "`dim` takes 2 words; I do not know what to do with the rest."),
        ("light on", " red 5 6", "`light on` takes 2 words; I do not know what to do with the rest."),
    ],
)
def test_words_that_nothing_takes_are_told(path, line, complaint):
    assert read(path, line).complaint == complaint


@pytest.mark.parametrize(
    ("files", "found"),
    [((), {}), ((FILE,), {"picture": FILE}), ((FILE, OTHER), {"picture": FILE, "frame": OTHER}),
     ((FILE, OTHER, FILE), {"picture": FILE, "frame": OTHER})],
)  # fmt: skip
def test_attached_files_go_to_their_options_and_take_no_word(files, found):
    asked = read("hang", " my house", *files)
    assert asked.arguments == {"title": "my house", **found}
    assert asked.complaint is None


def test_a_file_that_nobody_asked_for_is_left_alone():
    assert read("say", " hello", FILE).arguments == {"text": "hello"}


@pytest.mark.parametrize(
    ("path", "usage"),
    [("nothing", "!nothing"), ("dim", "!dim <level> [fast]"), ("light on", "!light on <colour> [level]"),
     ("hang", "!hang <picture> <title> [frame]")],
)  # fmt: skip
def test_usage_shows_what_must_and_what_may_be_typed(path, usage):
    assert usage_of(command(path), "!") == usage


@pytest.mark.parametrize("length", [100, 4000])
def test_a_long_line_of_quotes_and_backslashes_is_read_at_once(length):
    text = ' "' + "\\" * (length - 1)
    assert read("say", text).arguments == {"text": text.strip()}
