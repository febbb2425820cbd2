"""Ping, through the front door and by itself."""

from chandelier_ping import Pong, plugin


def test_ping_is_one_command_for_every_surface():
    (ping,) = plugin.declare().commands
    assert (ping.path, ping.http.method, ping.http.path, len(ping.surfaces)) == ("ping", "GET", "/", 3)


def test_ping_has_nothing_to_correct():
    assert plugin.declare().findings == ()


def test_the_answer_is_in_whole_milliseconds():
    assert str(Pong(latency_ms=41.7)) == "Pong! 42 ms"


async def test_slash_ping_tells_the_round_trip(bot):
    reply = await bot.member("alice").slash("ping")
    assert reply.text.startswith("Pong!")
    assert reply.text.endswith(" ms")


async def test_text_ping_tells_the_same(bot):
    assert (await bot.member("alice").say("!ping")).text.startswith("Pong!")


async def test_ping_over_rest_gives_the_latency_as_a_number(bot):
    response = await bot.api.get("/api/v1/ping")
    assert response.status == 200
    assert response.json["latency_ms"] >= 0
