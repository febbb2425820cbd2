"""Every secret of a run, and everything that the run has said: no secret stands in any of it."""

from __future__ import annotations

import json
from pathlib import Path

from ..house import OPERATOR, open_house


async def test_no_secret_of_a_full_run_stands_in_logs_errors_answers_or_the_document(
    chandelier_database: str, tmp_path: Path
):
    async with open_house(chandelier_database, tmp_path, CHANDELIER_LOG_LEVEL="debug") as house:
        token = await house.token("alice", "*:admin")
        cookies, _ = await house.login("alice")
        alice = house.discord.member("alice", guild=house.one)
        made = await alice.slash("token create", name="phone")
        in_discord = next(word for word in made.text.split("`") if word.startswith("chd_"))
        said: list[str] = []
        for given, path in (
            (token, "/api/v1/me"), (token + "x", "/api/v1/me"), (token, "/api/v1/tokens"), (OPERATOR, "/api/v1/tokens"),
            (OPERATOR, "/api/v1/openapi.json"), (OPERATOR, "/api/data"), (OPERATOR, "/api/v1/plugins/custom"),
            (OPERATOR, f"/api/v1/nowhere/{token}"), (OPERATOR, f"/api/v1/me?token={token}"), (in_discord, "/api/v1/guilds"),
        ):  # fmt: skip
            status, body, _ = await house.ask("GET", path, token=given)
            assert status < 500
            if token not in path:  # what is sent in an address comes back in its problem
                said.append(json.dumps(body))
        await house.ask("GET", "/api/v1/sessions", token=None, cookies=cookies)
        await alice.slash("custom add", name="hello", content="Hi")
        await alice.say("!hello")
        assert await house.process.end() == 0
        said += house.process.lines
    secrets = {
        "the operator's token": OPERATOR, "the bot's token": house.discord.token,
        "the client secret": house.discord.client_secret,
        "a token": token, "the secret of a token": token.split("_")[2], "a token made in Discord": in_discord,
        "a session": cookies["chandelier"],
    }  # fmt: skip
    assert any('"call"' in line for line in said)
    for what, secret in secrets.items():
        assert not [line for line in said if secret in line], what
