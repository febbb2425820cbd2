"""The contract's words: what it exports, its errors, needs, permissions, states and hooks."""

import inspect
import subprocess
import sys
import types

import hikari
import pytest

import chandelier
from chandelier import (
    Actor,
    BadOption,
    ChandelierError,
    ContractError,
    Finding,
    Need,
    NotAllowed,
    NotFound,
    NotRunning,
    Permission,
    Reply,
    ServiceUnavailable,
    State,
    TooSoon,
    Unavailable,
    UserError,
)
from chandelier.hooks import HOOK_NAMES, Hooks

# Discord's documentation, Topics, Permissions: "Bitwise Permission Flags", from bit 0. None is a bit without a meaning.
DOCUMENTED = [
    "CREATE_INSTANT_INVITE", "KICK_MEMBERS", "BAN_MEMBERS", "ADMINISTRATOR", "MANAGE_CHANNELS", "MANAGE_GUILD",
    "ADD_REACTIONS", "VIEW_AUDIT_LOG", "PRIORITY_SPEAKER", "STREAM", "VIEW_CHANNEL", "SEND_MESSAGES", "SEND_TTS_MESSAGES",
    "MANAGE_MESSAGES", "EMBED_LINKS", "ATTACH_FILES", "READ_MESSAGE_HISTORY", "MENTION_EVERYONE", "USE_EXTERNAL_EMOJIS",
    "VIEW_GUILD_INSIGHTS", "CONNECT", "SPEAK", "MUTE_MEMBERS", "DEAFEN_MEMBERS", "MOVE_MEMBERS", "USE_VAD",
    "CHANGE_NICKNAME", "MANAGE_NICKNAMES", "MANAGE_ROLES", "MANAGE_WEBHOOKS", "MANAGE_GUILD_EXPRESSIONS",
    "USE_APPLICATION_COMMANDS", "REQUEST_TO_SPEAK", "MANAGE_EVENTS", "MANAGE_THREADS", "CREATE_PUBLIC_THREADS",
    "CREATE_PRIVATE_THREADS", "USE_EXTERNAL_STICKERS", "SEND_MESSAGES_IN_THREADS", "USE_EMBEDDED_ACTIVITIES",
    "MODERATE_MEMBERS", "VIEW_CREATOR_MONETIZATION_ANALYTICS", "USE_SOUNDBOARD", "CREATE_GUILD_EXPRESSIONS",
    "CREATE_EVENTS", "USE_EXTERNAL_SOUNDS", "SEND_VOICE_MESSAGES", None, None, "SEND_POLLS", "USE_EXTERNAL_APPS",
    "PIN_MESSAGES", "BYPASS_SLOWMODE",
]  # fmt: skip
PUBLIC = [
    "Actor", "Answer", "Backoff", "BadOption", "Cache", "Call", "ChandelierError", "Choice", "Command", "Config",
    "Context", "ContractError", "Cooldown", "Declaration", "Duration", "Finding", "Group", "GuildConfig", "Instant",
    "Job", "JobContext", "Length", "Listener", "Listing", "Need", "NeedMissing", "NotAllowed", "NotFound",
    "NotRunning", "Occasion", "Outcome", "Page", "Paragraph", "Permission", "Plugin", "PluginContext", "Reply",
    "Resolution", "ServerCommand", "ServerOption", "ServiceUnavailable", "Snowflake", "State", "Status", "Suggest",
    "Surface", "TooSoon", "Unavailable", "UserError", "command", "job", "on", "optional",
]  # fmt: skip


def test_the_public_names_are_exactly_these():
    assert sorted(chandelier.__all__) == sorted(PUBLIC)


def test_nothing_public_is_left_out_of_all():
    visible = {
        name
        for name, value in vars(chandelier).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }
    assert visible == set(chandelier.__all__)


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_class_and_function_says_what_it_is(name):
    value = getattr(chandelier, name)
    if inspect.isclass(value) or inspect.isfunction(value):
        assert inspect.getdoc(value)


def test_importing_the_contract_imports_no_library_of_the_host():
    code = "import sys, chandelier; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    loaded = set(ran.stdout.split())
    assert {"chandelier", "pydantic", "pluggy"} <= loaded
    heavy = {"hikari", "lightbulb", "quart", "tortoise", "asyncpg", "aiohttp", "structlog", "orjson", "click"}
    assert not loaded & (heavy | {"chandelier_core", "chandelier_api", "chandelier_sandbox"})


@pytest.mark.parametrize("name", HOOK_NAMES)
def test_every_hook_is_documented_with_its_limit(name):
    words = inspect.getdoc(getattr(Hooks, name))
    assert words
    assert " s" in words


def test_there_are_ten_hooks_and_only_declare_is_not_async():
    assert len(HOOK_NAMES) == 10
    plain = [name for name in HOOK_NAMES if not inspect.iscoroutinefunction(getattr(Hooks, name))]
    assert plain == ["declare"]


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (UserError("no_luck", "No."), "no_luck", 409),
        (UserError("no_luck", "No.", status=402), "no_luck", 402),
        (BadOption("No.", option="x"), "bad_option", 422),
        (NotAllowed("No."), "not_allowed", 403),
        (NotFound("No."), "not_found", 404),
        (NotFound("No.", code="no_reminder"), "no_reminder", 404),
        (TooSoon("No.", retry_after_s=3.5), "too_soon", 429),
        (Unavailable("No."), "unavailable", 503),
        (Unavailable("No.", code="parked"), "parked", 503),
    ],
)
def test_a_refusal_has_a_code_a_sentence_and_a_status(error, code, status):
    assert isinstance(error, UserError)
    assert (error.code, error.sentence, str(error), error.status) == (code, "No.", "No.", status)


def test_one_refusals_status_does_not_change_the_others():
    UserError("a", "A.", status=402)
    assert UserError("b", "B.").status == 409


@pytest.mark.parametrize("error", [ContractError, NotRunning, ServiceUnavailable])
def test_a_programmers_error_is_no_refusal(error):
    assert issubclass(error, ChandelierError)
    assert not issubclass(error, UserError)


def test_not_running_says_where_a_part_can_be_used():
    assert "inside a command, a job, a listener, a hook or the lifespan" in str(NotRunning())


def test_permissions_are_discords_own_bits_and_names():
    documented = {name: 1 << bit for bit, name in enumerate(DOCUMENTED) if name is not None}
    assert {permission.name: permission.value for permission in Permission} == documented


def test_permissions_agree_with_hikaris():
    assert {int(permission) for permission in Permission} == {int(one) for one in hikari.Permissions if int(one)}


@pytest.mark.parametrize(
    ("permission", "words"),
    [
        (Permission.MANAGE_GUILD, "Manage Guild"),
        (Permission.KICK_MEMBERS | Permission.BAN_MEMBERS, "Kick Members, Ban Members"),
    ],
)
def test_a_permission_is_told_in_words(permission, words):
    assert permission.words == words


@pytest.mark.parametrize(
    ("actor", "may"),
    [
        (Actor(id=1, name="a"), False),
        (Actor(id=1, name="a", permissions=Permission.KICK_MEMBERS), False),
        (Actor(id=1, name="a", permissions=Permission.KICK_MEMBERS | Permission.BAN_MEMBERS), True),
        (Actor(id=1, name="a", permissions=Permission.ADMINISTRATOR), True),
        (Actor(id=None, name="operator", operator=True), True),
    ],
)
def test_an_actor_may_what_all_its_permissions_allow(actor, may):
    assert actor.may(Permission.KICK_MEMBERS | Permission.BAN_MEMBERS) is may


def test_everybody_may_what_needs_no_permission():
    assert Actor(id=1, name="a").may(Permission.NONE)


PRIVILEGED = {
    Need.MESSAGE_CONTENT, Need.MEMBERS, Need.PRESENCES, Need.MENTION_EVERYONE, Need.MANAGE_ROLES, Need.MANAGE_CHANNELS,
    Need.MANAGE_WEBHOOKS, Need.MANAGE_SERVER, Need.AUDIT_LOG, Need.MODERATE, Need.INTERCEPT, Need.OUTBOUND_HTTP,
}  # fmt: skip


@pytest.mark.parametrize("need", list(Need))
def test_every_need_says_what_it_lets_a_plugin_do(need):
    assert need.sentence
    assert need.privileged is (need in PRIVILEGED)


@pytest.mark.parametrize(
    ("need", "intent"),
    [
        (Need.MEMBERS, hikari.Intents.GUILD_MEMBERS),
        (Need.PRESENCES, hikari.Intents.GUILD_PRESENCES),
        (Need.MESSAGE_CONTENT, hikari.Intents.MESSAGE_CONTENT),
    ],
)
def test_a_need_stands_for_discords_privileged_intent(need, intent):
    assert need.intents == intent.value


@pytest.mark.parametrize(
    "need", [need for need in Need if need not in (Need.MEMBERS, Need.PRESENCES, Need.MESSAGE_CONTENT)]
)
def test_other_needs_stand_for_no_intent(need):
    assert need.intents == 0


@pytest.mark.parametrize(
    ("need", "permissions"),
    [
        (Need.INTERCEPT, Permission.NONE),
        (Need.MANAGE_ROLES, Permission.MANAGE_ROLES),
        (Need.MANAGE_MESSAGES, Permission.MANAGE_MESSAGES | Permission.PIN_MESSAGES),
        (Need.MODERATE, Permission.KICK_MEMBERS | Permission.BAN_MEMBERS | Permission.MODERATE_MEMBERS),
    ],
)
def test_a_need_stands_for_the_permissions_of_the_invite_link(need, permissions):
    assert need.permissions == permissions


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_sentence(state):
    assert state.sentence.endswith(".")


def test_only_what_needs_a_restart_cannot_recover():
    assert {state for state in State if not state.recoverable} == {State.DISCOVERED, State.REJECTED}


def test_a_plugins_parts_are_attached_while_it_is_started_or_degraded():
    assert {state for state in State if state.running} == {State.STARTED, State.DEGRADED}


def test_a_finding_is_its_place_its_sentence_and_its_remedy():
    assert str(Finding("plugin x", "it is wrong.", "Mend it.")) == "plugin x: it is wrong. Mend it."
    assert str(Finding("plugin x", "it is wrong.")) == "plugin x: it is wrong."
    assert Finding("plugin x", "it is wrong.").level == "error"


def test_a_reply_is_its_text():
    assert str(Reply(text="Hello.")) == "Hello."
