"""Logs: one event a line in JSON, the libraries' too, and no secret in either style."""

import io
import json
import logging
import sys

import pytest
import structlog

from chandelier_core.observe.log import QUIET, Redactor, configure_logs

SECRET = "hunter2-hunter2"


class Holder:
    def __str__(self):
        return f"Holder({SECRET})"


@pytest.fixture
def logs():
    """Configure the logs into a text, and put everything back."""
    root = logging.getLogger()
    kept = (
        root.handlers[:],
        root.level,
        structlog.get_config(),
        {name: logging.getLogger(name).level for name in QUIET},
    )
    stream = io.StringIO()

    def configure(style="json", level="info", redactor=None):
        configure_logs(style, level, redactor or Redactor([SECRET]), stream)
        return stream

    yield configure
    structlog.contextvars.clear_contextvars()
    root.handlers[:] = kept[0]
    root.setLevel(kept[1])
    structlog.configure(**kept[2])
    for name, level in kept[3].items():
        logging.getLogger(name).setLevel(level)


def records(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


LEAKS = [
    {"plain": f"token={SECRET}"},
    {"deep": {"a": [{"b": (SECRET, 1)}]}},
    {"keyed": {SECRET: 1}},
    {"held": Holder()},
    {"set": {SECRET}},
    {"raw": SECRET.encode()},
    {"url": f"postgres://bot:{SECRET}@db/bot"},
    {"error": ValueError(SECRET)},
]


@pytest.mark.parametrize("style", ["json", "console", "auto"])
@pytest.mark.parametrize("fields", LEAKS, ids=lambda fields: next(iter(fields)))
def test_a_secret_is_hidden_wherever_it_stands(logs, style, fields):
    stream = logs(style)
    structlog.get_logger("chandelier.test").info("happened", **fields)
    assert "happened" in stream.getvalue()
    assert "[secret]" in stream.getvalue()
    assert SECRET not in stream.getvalue()


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_secret_in_the_event_itself_is_hidden(logs, style):
    stream = logs(style)
    structlog.get_logger("chandelier.test").info(f"logged in with {SECRET}")
    assert SECRET not in stream.getvalue()


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_secret_in_a_traceback_is_hidden(logs, style):
    stream = logs(style)
    try:
        raise RuntimeError(f"cannot use {SECRET}")
    except RuntimeError as error:
        structlog.get_logger("chandelier.test").error("broke", exc_info=error)
        logging.getLogger("some.library").exception("broke too")
    text = stream.getvalue()
    assert text.count("RuntimeError") >= 2
    assert "test_a_secret_in_a_traceback_is_hidden" in text
    assert SECRET not in text


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_secret_in_a_librarys_log_is_hidden(logs, style):
    stream = logs(style)
    library = logging.getLogger("some.library")
    library.warning("request to %s failed", f"https://x/?key={SECRET}")
    library.warning("plain %s", SECRET, extra={"more": SECRET})
    assert stream.getvalue().count("[secret]") >= 2
    assert SECRET not in stream.getvalue()


def test_json_is_one_event_a_line_with_its_name_level_and_time(logs):
    stream = logs()
    structlog.get_logger("chandelier.test").warning("two\nlines", user_id=5, nothing=None)
    (record,) = records(stream)
    assert record.pop("timestamp").endswith("Z")
    assert record == {
        "event": "two\nlines",
        "user_id": 5,
        "nothing": None,
        "level": "warning",
        "logger": "chandelier.test",
    }


def test_a_traceback_stays_on_its_events_line(logs):
    stream = logs()
    try:
        raise KeyError("x")
    except KeyError:
        structlog.get_logger("chandelier.test").exception("broke")
        logging.getLogger("some.library").exception("broke")
    first, second = records(stream)
    for record in (first, second):
        assert "Traceback (most recent call last)" in record["exception"]
    assert second["logger"] == "some.library"


def test_a_librarys_log_is_the_same_json(logs):
    stream = logs()
    logging.getLogger("some.library").warning("%d of %d", 1, 2)
    (record,) = records(stream)
    assert (record["event"], record["level"], record["logger"]) == ("1 of 2", "warning", "some.library")


def test_values_that_json_lacks_are_written_as_text(logs):
    stream = logs()
    structlog.get_logger("chandelier.test").info(
        "x", error=ValueError("no"), place=Holder(), more={"a": (1, 2.5, True)}
    )
    (record,) = records(stream)
    assert (record["error"], record["place"], record["more"]) == ("no", "Holder([secret])", {"a": [1, 2.5, True]})


def test_what_is_bound_to_the_call_is_on_its_lines(logs):
    stream = logs()
    with structlog.contextvars.bound_contextvars(call="7F3K"):
        structlog.get_logger("chandelier.test").info("inside")
        logging.getLogger("some.library").warning("inside too")
    structlog.get_logger("chandelier.test").info("outside")
    assert [record.get("call") for record in records(stream)] == ["7F3K", "7F3K", None]


def test_a_console_is_readable_and_leaves_out_what_is_nothing(logs):
    stream = logs("console")
    structlog.get_logger("chandelier.test").info("ready", guilds=2, nothing=None)
    assert "ready" in stream.getvalue()
    assert "guilds=2" in stream.getvalue()
    assert "nothing" not in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_auto_is_json_where_there_is_no_terminal(logs):
    stream = logs("auto")
    structlog.get_logger("chandelier.test").info("ready")
    assert records(stream)[0]["event"] == "ready"


@pytest.mark.parametrize(("level", "events"), [("debug", ["a", "b", "c"]), ("info", ["b", "c"]), ("warning", ["c"])])
def test_less_than_the_level_is_not_logged(logs, level, events):
    stream = logs(level=level)
    log = structlog.get_logger("chandelier.test")
    log.debug("a")
    log.info("b")
    log.warning("c")
    assert [record["event"] for record in records(stream)] == events


@pytest.mark.parametrize("name", sorted(QUIET))
def test_libraries_are_quiet_unless_everything_is_asked_for(logs, name):
    stream = logs()
    logging.getLogger(name).info("chatter")
    assert stream.getvalue() == ""
    logs(level="debug")
    logging.getLogger(name).info("chatter")
    assert records(stream)[0]["event"] == "chatter"


def test_a_secret_may_be_added_at_any_time(logs):
    redactor = Redactor()
    stream = logs(redactor=redactor)
    redactor.add([SECRET])
    structlog.get_logger("chandelier.test").info(SECRET)
    assert records(stream)[0]["event"] == "[secret]"


def test_a_very_short_secret_is_left_so_that_the_log_stays_readable():
    assert Redactor(["a", "12345"]).text("a 12345 abc") == "a 12345 abc"


@pytest.mark.parametrize("secrets", [["secret-one", "secret-one-and-more"], ["secret-one-and-more", "secret-one"]])
def test_a_secret_that_holds_another_is_hidden_whole(secrets):
    assert Redactor(secrets).text("x secret-one-and-more y secret-one z") == "x [secret] y [secret] z"


def test_standard_error_is_where_logs_go(logs, capsys):
    logs()
    configure_logs("json", "info", Redactor(), None)
    assert logging.getLogger().handlers[0].stream is sys.stderr
