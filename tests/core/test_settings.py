"""Settings: every variable, its file, and everything that can be wrong with it."""

from pathlib import Path

import pytest

from chandelier_core.settings import SettingsError, read_settings

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.the-secret_part"
API_TOKEN = "0123456789abcdef01234567"
DATABASE = "postgres://bot:p%40ssw0rd-secret@db/bot"


def wrong(environment, **more):
    with pytest.raises(SettingsError) as caught:
        read_settings(environment, **more)
    assert str(caught.value) == "\n".join(caught.value.sentences)
    return caught.value.sentences


def test_nothing_set_means_a_local_bot_with_its_own_database():
    settings = read_settings({})
    assert (settings.token, settings.database_url, settings.api_token) == (None, None, None)
    assert settings.api_url == "https://discord.com/api/v10"
    assert (settings.bind_host, settings.bind_port) == ("127.0.0.1", 8080)
    assert (settings.data_folder, settings.plugins_file) == (Path(".chandelier"), Path("plugins.toml"))
    assert (settings.log_format, settings.log_level) == ("auto", "info")
    assert settings.secrets == ()


@pytest.mark.parametrize(
    ("name", "text", "attribute", "value"),
    [
        ("DISCORD_TOKEN", TOKEN, "token", TOKEN),
        ("DISCORD_API_URL", "http://127.0.0.1:9000/api/v10/", "api_url", "http://127.0.0.1:9000/api/v10"),
        ("DATABASE_URL", DATABASE, "database_url", DATABASE),
        ("REDIS_URL", "redis://:pass@cache:6379/2", "redis_url", "redis://:pass@cache:6379/2"),
        ("REDIS_URL", "valkeys://cache", "redis_url", "rediss://cache"),
        ("CHANDELIER_BIND", "0.0.0.0:80", "bind_host", "0.0.0.0"),
        ("CHANDELIER_BIND", "0.0.0.0:80", "bind_port", 80),
        ("CHANDELIER_BIND", "[::1]:8080", "bind_host", "::1"),
        ("CHANDELIER_BIND", "localhost:0", "bind_port", 0),
        ("CHANDELIER_API_TOKEN", API_TOKEN, "api_token", API_TOKEN),
        ("CHANDELIER_DATA", "/srv/bot", "data_folder", Path("/srv/bot")),
        ("CHANDELIER_DATA", "~/bot", "data_folder", Path.home() / "bot"),
        ("CHANDELIER_PLUGINS", "other.toml", "plugins_file", Path("other.toml")),
        ("CHANDELIER_LOG_FORMAT", "JSON", "log_format", "json"),
        ("CHANDELIER_LOG_FORMAT", "console", "log_format", "console"),
        ("CHANDELIER_LOG_LEVEL", "Debug", "log_level", "debug"),
    ],
)
@pytest.mark.parametrize("way", ["variable", "file", "padded"])
def test_every_setting_is_read_from_its_variable_or_its_file(tmp_path, name, text, attribute, value, way):
    file = tmp_path / "secret"
    file.write_text(f"{text}\n")
    environment = {"variable": {name: text}, "file": {f"{name}_FILE": str(file)}, "padded": {name: f" {text}\n"}}[way]
    assert getattr(read_settings(environment), attribute) == value


NAMES = ["DISCORD_TOKEN", "DISCORD_API_URL", "DATABASE_URL", "REDIS_URL",
         "CHANDELIER_BIND", "CHANDELIER_API_TOKEN", "CHANDELIER_DATA",
         "CHANDELIER_PLUGINS", "CHANDELIER_LOG_FORMAT", "CHANDELIER_LOG_LEVEL"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_that_is_empty_is_as_good_as_unset(name):
    assert read_settings({name: "", f"{name}_FILE": ""}) == read_settings({})


@pytest.mark.parametrize("name", NAMES)
def test_a_variable_and_its_file_together_are_refused(tmp_path, name):
    (tmp_path / "file").write_text("hunter2")
    sentences = wrong({name: "hunter2", f"{name}_FILE": str(tmp_path / "file")})
    assert sentences == [f"{name} and {name}_FILE are both set. Keep one of them."]


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "No such file or directory"), (b"\xff\xfe\x00", "it is not text")]
)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path, content, reason):
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    assert wrong({"DISCORD_TOKEN_FILE": str(file)}, need_token=True) == [
        f"DISCORD_TOKEN_FILE names {file}, which cannot be read: {reason}. Correct the path or its permissions."
    ]


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path):
    (sentence,) = wrong({"DATABASE_URL_FILE": str(tmp_path)})
    assert "cannot be read: Is a directory." in sentence


@pytest.mark.parametrize(
    "token",
    ["hunter2", "a.b.c", "MTIz", "MTIz.a", "MTIz.a.b.c", "MTIz..", f"Bot {TOKEN}", "MTIz.a b.c", "bm90IGFuIGlk.a.b",
     "ünïcode.a.b", "MTIz.ä.b"],
)  # fmt: skip
def test_what_is_no_bot_token_is_told_apart_from_other_secrets(token):
    (sentence,) = wrong({"DISCORD_TOKEN": token})
    assert sentence.startswith("DISCORD_TOKEN is not a bot token (three parts with dots between")
    assert "the client secret and the public key are other things" in sentence
    assert token not in sentence


@pytest.mark.parametrize(
    "url",
    ["discord.com", "ftp://discord.com", "https://", "https://x/?a=b", "https://x/#a", "http://[", "http://x:99999/api",
     "http://x:port/api"],
)  # fmt: skip
def test_what_is_no_address_is_told(url):
    assert wrong({"DISCORD_API_URL": url}) == [
        "DISCORD_API_URL must be an address such as https://discord.com/api/v10."
    ]


@pytest.mark.parametrize("bind", ["8080", "127.0.0.1", ":8080", "::1:8080", "127.0.0.1:65536", "a b:80", "x:-1", "x:"])
def test_what_is_no_address_and_port_is_told(bind):
    assert wrong({"CHANDELIER_BIND": bind}) == [
        "CHANDELIER_BIND must be an address and a port, such as 127.0.0.1:8080."
    ]


@pytest.mark.parametrize("token", ["short", "x" * 23, "two words that are long enough", "ü" * 24])
def test_a_token_that_could_be_guessed_is_refused_and_not_shown(token):
    (sentence,) = wrong({"CHANDELIER_API_TOKEN": token})
    assert sentence.startswith("CHANDELIER_API_TOKEN must be at least 24 characters without spaces")
    assert token not in sentence


@pytest.mark.parametrize(
    ("name", "words"),
    [("CHANDELIER_LOG_FORMAT", "json, console, auto"), ("CHANDELIER_LOG_LEVEL", "debug, info, warning, error")],
)
def test_a_word_that_is_none_of_the_known_is_told_with_all_of_them(name, words):
    assert wrong({name: "loud"}) == [f"{name} must be one of {words}."]


def test_the_home_folder_of_nobody_is_told():
    assert wrong({"CHANDELIER_DATA": "~no-such-user-here/bot"}) == [
        "CHANDELIER_DATA names the home folder of a user that does not exist."
    ]


@pytest.mark.parametrize("text", ["cache:6379", "http://cache", "redis://", "redis://cache:x", "redis://cache/first"])
def test_an_address_that_is_no_redis_is_refused_without_being_quoted(text):
    (sentence,) = wrong({"REDIS_URL": text})
    assert sentence == "REDIS_URL must be an address such as redis://127.0.0.1:6379/0 (rediss:// for TLS)."


def test_the_password_of_a_redis_is_a_secret():
    settings = read_settings({"REDIS_URL": "redis://:hunter%212@cache"})
    assert {"hunter%212", "hunter!2"} <= set(settings.secrets)


def test_a_bot_without_a_token_is_told_where_to_get_one():
    (sentence,) = wrong({}, need_token=True)
    assert sentence.startswith("DISCORD_TOKEN is not set")
    assert "make run" in sentence


def test_everything_that_is_wrong_is_told_at_once():
    sentences = wrong(
        {
            "DISCORD_TOKEN": "x", "DISCORD_API_URL": "x", "CHANDELIER_BIND": "x", "CHANDELIER_API_TOKEN": "x",
            "CHANDELIER_LOG_FORMAT": "x", "CHANDELIER_LOG_LEVEL": "x", "DATABASE_URL_FILE": "/nowhere/at/all",
        },
        need_token=True,
    )  # fmt: skip
    assert sorted(sentence.split()[0] for sentence in sentences) == [
        "CHANDELIER_API_TOKEN", "CHANDELIER_BIND", "CHANDELIER_LOG_FORMAT", "CHANDELIER_LOG_LEVEL", "DATABASE_URL_FILE",
        "DISCORD_API_URL", "DISCORD_TOKEN",
    ]  # fmt: skip


def test_no_secret_is_in_the_text_of_the_settings():
    settings = read_settings({"DISCORD_TOKEN": TOKEN, "DATABASE_URL": DATABASE, "CHANDELIER_API_TOKEN": API_TOKEN})
    for text in (repr(settings), str(settings)):
        for secret in (TOKEN, API_TOKEN, "ssw0rd"):
            assert secret not in text


def test_the_secrets_are_told_to_the_log_the_password_in_both_spellings():
    settings = read_settings({"DISCORD_TOKEN": TOKEN, "DATABASE_URL": DATABASE, "CHANDELIER_API_TOKEN": API_TOKEN})
    assert set(settings.secrets) == {TOKEN, API_TOKEN, DATABASE, "p%40ssw0rd-secret", "p@ssw0rd-secret"}


def test_a_malformed_database_url_is_a_secret_all_the_same():
    assert read_settings({"DATABASE_URL": "postgres://[::1:secret"}).secrets == ("postgres://[::1:secret",)
