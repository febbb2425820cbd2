"""The authorization page as HTML: no script, everything that comes from outside is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from chandelier_sandbox.authorize.approving import hookable, manageable
from chandelier_sandbox.authorize.asking import Ask
from chandelier_sandbox.permissions import Permission, permission_names
from chandelier_sandbox.records import Application, User
from chandelier_sandbox.scopes import SCOPES
from chandelier_sandbox.world import World

STYLE_PATH = "/oauth2/authorize.css"
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="{style}">
</head>
<body>
<main>
{body}
</main>
<footer>A local Discord, for development: nobody here has a password.</footer>
</body>
</html>
"""


def message_page(title: str, sentence: str) -> str:
    """Render a page that only says something."""
    return _page(title, f"<h1>{escape(title)}</h1>\n<p>{escape(sentence)}</p>")


def consent_page(
    world: World, application: Application, ask: Ask, chosen: User, *, request_id: str, trouble: str = ""
) -> str:
    """Render what is asked, the choice of who one is, and the two buttons."""
    name = escape(application.name)
    parts = [
        f'<h1><span class="mark" aria-hidden="true">{name[:1]}</span>{name}</h1>',
        "<p>wants to access your Discord account.</p>",
        f'<p class="trouble" role="alert">{escape(trouble)}</p>' if trouble else "",
        '<form method="post" action="/oauth2/authorize">',
        f'<input type="hidden" name="request" value="{escape(request_id)}">',
        "<h2>It will be able to</h2>",
        _list(escape(SCOPES[scope]) for scope in ask.scopes),
        _permissions(ask),
        _people(world, ask, chosen),
        '<div class="buttons">',
        '<button name="decision" value="authorize" class="main">Authorize</button>',
        '<button name="decision" value="cancel">Cancel</button>',
        "</div>",
        "</form>",
        f'<p class="small">You return to <b>{escape(_short(ask.redirect_uri))}</b></p>' if ask.redirect_uri else "",
    ]
    return _page(f"Authorize {application.name}", "\n".join(part for part in parts if part))


def people(world: World) -> list[User]:
    """Return who can authorize: everybody who is in a server, in the order they came into the world."""
    guilds = [*world.guilds.values(), *world.elsewhere.values()]
    present = {user_id for guild in guilds for user_id in guild.members}
    return [user for user in world.users.values() if user.id in present and not user.bot and not user.webhook]


def _page(title: str, body: str) -> str:
    return _PAGE.format(title=escape(title), style=STYLE_PATH, body=body)


def _list(items: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def _permissions(ask: Ask) -> str:
    if not ask.wants_guild or not ask.permissions:
        return ""
    rows = [
        f'<label><input type="checkbox" name="permission" value="{int(bit)}" checked>'
        f"{escape(permission_names(int(bit)))}</label>"
        for bit in Permission
        if ask.permissions & bit
    ]
    return f'<fieldset class="permissions"><legend>The bot may</legend>{"".join(rows)}</fieldset>'


def _people(world: World, ask: Ask, chosen: User) -> str:
    rows = [_person(world, ask, user, user is chosen) for user in people(world)]
    return f'<fieldset class="people"><legend>Who are you?</legend>{"".join(rows)}</fieldset>'


def _person(world: World, ask: Ask, user: User, is_chosen: bool) -> str:
    shown = user.display_name or user.name
    also = "" if shown == user.name else f" <small>{escape(user.name)}</small>"
    return (
        f'<div class="person"><input type="radio" name="user_id" id="u{user.id}" value="{user.id}"'
        f'{" checked" if is_chosen else ""}><label for="u{user.id}">{escape(shown)}{also}</label>'
        f"{_places(world, ask, user)}</div>"
    )


def _places(world: World, ask: Ask, user: User) -> str:
    """Render the choice of server and channel of one person; the style sheet shows that of who is chosen."""
    rows = []
    if ask.wants_guild:
        found = {str(guild.id): guild.name for guild in manageable(world, user)}
        if ask.guild_fixed and ask.guild_id is not None:
            found = {number: name for number, name in found.items() if number == str(ask.guild_id)}
        rows.append(_select("guild", user, "Add the bot to", found, str(ask.guild_id)))
    if ask.wants_channel:
        channels = {str(channel.id): f"{guild.name}: #{channel.name}" for guild, channel in hookable(world, user)}
        rows.append(_select("channel", user, "Post into", channels, ""))
    return f'<div class="places">{"".join(rows)}</div>' if rows else ""


def _select(kind: str, user: User, label: str, found: Mapping[str, str], chosen: str) -> str:
    if not found:
        need = "Manage Server" if kind == "guild" else "Manage Webhooks where the bot is"
        return f'<p class="small">{label}: nowhere, since it takes {need}.</p>'
    options = "".join(
        f'<option value="{number}"{" selected" if number == chosen else ""}>{escape(name)}</option>'
        for number, name in found.items()
    )
    return f'<label>{label} <select name="{kind}_{user.id}">{options}</select></label>'


def _short(uri: str) -> str:
    return uri.partition("?")[0]
