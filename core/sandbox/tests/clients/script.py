"""What every bot in `bots/` does, whatever library it is written with; the tests are the same sentences for each.

A bot takes DISCORD_API_URL (it ends in /api/v10) and DISCORD_TOKEN from the environment, sends its library's warnings
to standard error, and ends with exit code 0 on SIGTERM.

Once it has registered its commands and knows its servers, it says in #general of the first of them, by name:
    Ready: Chandelier in Chandelier Lounge (general, random), Crowd (general, random).
and after a resume, in #random there:
    Resumed.

Messages of people:
    !echo TEXT      a reply: alice said: TEXT
    !react          it reacts with a thumb up and one down, then replies: Reacted.
    (a reaction)    to a message of the bot, in the same channel: alice reacted with EMOJI

Commands:
    /order          dish (Soup = soup, Salad = salad; required), count (whole, 1 to 9), price (number), takeaway (boolean),
                    guest (user), place (channel), rank (role): 2 x soup for 1.5, takeaway yes, guest bob, place random, rank cook
    /note add       text: Noted: TEXT
    /find           word, which completes itself from hello, hey and bye (shown as Hello, Hey, Bye): Found WORD
    /slow           defers; then edits: Here at last.
    /twice          First. Then the follow-ups: Second. and, to the caller only: Third, for you only.
    /secret         to the caller only: Only you see this.
    /card           an embed: see CARD
    /file           Here is the report. With report.txt, which holds "A line."; then it reads its own message's
                    attachment back, and follows up: Read back: A line.
    /read           paper (file; required): NAME holds CONTENT
    /panel          Choose. With a button `go`, a menu `colour` (red, green, blue; one or two of them) and a menu `people`
                    of users. The button changes the message to: alice pressed go.
                    The menus answer: alice chose red, blue.
    /form           a modal `form`, Introduce yourself, with a short text `name` and a paragraph `about`, which is
                    optional. Answer: Hello, NAME. and ABOUT in brackets where it was filled.
    /crowd          defers; then: 1054 by chunks, 1054 by list, found guest0010 guest0011 guest0012
                    (whole numbers: the server's members over the gateway and over REST; found: a search by prefix
                    over the gateway, limited to three).
"""

from __future__ import annotations

from chandelier_sandbox.events import JsonObject

CROWD = 1050
CARD: JsonObject = {
    "title": "Menu",
    "description": "What there is",
    "url": "https://menu.example/today",
    "color": 0xFFAA00,
    "timestamp": "2030-01-02T03:04:05+00:00",
    "author": {"name": "The cook"},
    "footer": {"text": "Served hot"},
    "fields": [
        {"name": "Soup", "value": "four", "inline": True},
        {"name": "Salad", "value": "five", "inline": False},
    ],
}
