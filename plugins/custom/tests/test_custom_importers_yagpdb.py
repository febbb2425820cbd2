"""What becomes of YAGPDB's custom commands."""

from __future__ import annotations

import json

import pytest

from chandelier_custom.importers import Imported, read
from chandelier_custom.trying import preview


def imported(response: str | list[str], **parts: object) -> Imported:
    responses = [response] if isinstance(response, str) else response
    [one] = read(
        "yagpdb", json.dumps([{"trigger_type": 0, "trigger": "hello", "responses": responses} | parts])
    ).commands
    return one


def said(one: Imported, arguments: str = "one two") -> str:
    return "|".join(worked.content for worked in preview(one.spec, arguments))


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        ("Hi {{.User.Mention}} of {{ .Guild.Name }}", "Hi <@175928847299117063> of Lovelace Society"),
        ("{{.Channel.Name}} {{.Server.MemberCount}} {{.CCRunCount}}", "general 128 1"),
        ("{{.Cmd}}: {{.StrippedMsg}}", "hello: one two"),
        ("{{index .CmdArgs 1}} {{index .Args 0}} {{index .Args 1}}", "two hello one"),
        ('{{joinStr ", " .CmdArgs}} {{len .CmdArgs}}', "one, two 2"),
        ("{{if eq .User.ID 175928847299117063}}you{{else}}other{{end}}", "you"),
        ('{{if and (eq (index .CmdArgs 0) "one") (not (eq 1 2))}}y{{end}}', "y"),
        ('{{if or (eq 1 2) (and .CmdArgs (gt (len .CmdArgs) 1))}}y{{else}}n{{end}}', "y"),
        ("{{if lt (toInt (index .CmdArgs 0)) 5}}few{{else if .StrippedMsg}}b{{else}}c{{end}}", "few"),
        ('{{range $i, $e := .CmdArgs}}{{add $i 1}}={{$e}} {{else}}none{{end}}', "1=one 2=two"),
        ("{{range seq 1 4}}{{.}}{{end}}", "123"),
        ("{{with .StrippedMsg}}[{{.}}]{{else}}-{{end}}", "[one two]"),
        ('{{$x := 2}}{{$x = mult $x 21}}{{$x}} {{ "abc" | upper }} {{ lower "ABC" }}', "42 ABC abc"),
        ('{{printf "%s has %d" .User.Username 5}} {{print "a" 1}}', "ada has 5 a1"),
        ('{{currentTime.Format "02.01.2006"}} {{.Member.JoinedAt.Format "2006"}}', "10.06.2026 2024"),
        ("a {{- /* unsaid */ -}} b {{- 1 -}} c", "ab1c"),
        ('{{if hasPrefix .StrippedMsg "one"}}p{{end}}{{if in .StrippedMsg "two"}}i{{end}}', "pi"),
        ("{{humanizeThousands 1234567}} {{add 1 2 3}} {{sub 5 2}} {{div 7 2}} {{fdiv 7 2}} {{mod 7 4}}", "1,234,567 6 3 3 3.5 3"),
        ('{{dbSet .User.ID "Points" 5}}{{(dbGet .User.ID "Points").Value}} {{dbIncr .User.ID "Points" 2}}', "5 7"),
        ("{{`{{`}} {{\"it's\"}} {% raw %} {x}", "{{ it's {% raw %} {x}"),
        ('{{joinStr "\\n" .CmdArgs}}{{if .CmdArgs}} {{end}}.', "one\ntwo ."),
        ("{{$.User.Username}} {{ .Member.User.ID }}", "ada 175928847299117063"),
    ],
)  # fmt: skip
def test_it_says_the_same(response, answer):
    one = imported(response)
    assert said(one) == answer
    assert one.spec.enabled, one.notes


def test_chance_stays_within_what_it_was():
    one = imported('{{randInt 1 7}} {{randInt 3}} {{index (shuffle (cslice "a" "b")) 0}}')
    assert one.spec.messages[0].content.startswith("{{ 1 | random: 6 }} {{ 0 | random: 2 }} ")
    assert said(one).split()[2] in "ab"


@pytest.mark.parametrize(
    ("response", "part"),
    [
        ("Gone {{deleteTrigger 5}}", "`{{deleteTrigger 5}}` deletes the message"),
        ('x {{giveRoleID .User.ID "1"}}', "gives a role"),
        ('x {{exec "ban" 5}}', '`{{exec "ban" 5}}` has no counterpart'),
        ('x {{sendMessage 123456789012345678 "y"}}', "to another channel"),
        ('{{if .CmdArgs}}{{sendMessage nil "y"}}{{end}}x', "within a branch"),
        ("x {{.Message.Content}}", "is the whole message"),
        ("{{while true}}x{{end}}", "has no counterpart"),
        ('{{dbSet 5 "k" 1}}x', "keeps something for another"),
        ("{{if .User.ID}}x", "has no `end`"),
        ("{{.User.Bot}} x", "`{{.User.Bot}}` has no counterpart"),
        ('{{$x := cslice .User.ID}}x {{$x}}', "written down, or split"),
        ("{{addRoleID 5}}", "says nothing"),
        ("{{.CmdArgs}}", "way of its own"),
        ('{{if .CmdArgs}}{{addReactions "👍"}}{{end}}x', "within a branch"),
    ],
)  # fmt: skip
def test_what_it_cannot_do_is_named_and_switches_it_off(response, part):
    one = imported(response)
    assert not one.spec.enabled
    assert any(part in note for note in one.notes), one.notes
    assert all(note.startswith("`hello`: ") for note in one.notes)


def test_an_embed_that_it_sends_is_a_message_and_sees_what_was_set():
    one = imported(
        '{{$name := upper .User.Username}}{{$e := cembed "title" (print "Hi " $name) "description" "{{x" "color" 255'
        ' "footer" (sdict "text" "f") "fields" (cslice (sdict "name" "a" "value" $name "inline" true))}}'
        '{{sendMessage nil $e}}{{sendMessage nil (complexMessage "content" "c")}}'
    )
    first, second = preview(one.spec, "")
    assert first.embeds == [{
        "title": "Hi ADA", "description": "{{x", "footer": {"text": "f"}, "color": 255,
        "fields": [{"name": "a", "value": "ADA", "inline": True}],
    }]  # fmt: skip
    assert second.content == "c"
    assert one.spec.enabled, one.notes


def test_what_is_drawn_is_not_drawn_twice_without_a_word():
    one = imported('{{$n := randInt 6}}{{sendMessage nil (cembed "title" (print "rolled " $n))}}you rolled {{$n}}')
    assert not one.spec.enabled
    assert any("drawn or saved" in note for note in one.notes)


def test_arguments_that_it_parses_are_options():
    one = imported('{{$a := parseArgs 1 "say" (carg "user" "who") (carg "int" "How many" 1 9)}}{{($a.Get 0).ID}} {{$a.Get 1}}'
                   "{{if not ($a.IsSet 1)}}none{{end}}")  # fmt: skip
    assert [(option.name, option.kind, option.required) for option in one.spec.options] == [
        ("who", "user", True), ("how_many", "integer", False),
    ]  # fmt: skip
    assert said(one, "<@5> 7") == "5 7"
    assert said(one, "<@5>") == "5 none"
    assert any("`How many` is any integer here" in note for note in one.notes)


def test_several_responses_are_drawn_from():
    one = imported(["a", "b", "c"])
    assert (one.spec.pick, [message.content for message in one.spec.messages]) == ("random", ["a", "b", "c"])


@pytest.mark.parametrize(
    ("parts", "triggers"),
    [
        ({"trigger_type": 1, "text_trigger": "hey", "text_trigger_case_sensitive": True}, [("starts", "hey", True)]),
        ({"trigger_type": 2}, [("contains", "hello", False)]),
        ({"trigger_type": 3, "trigger": r"^h(i|o)\b"}, [("regex", r"^h(i|o)\b", False)]),
        ({"trigger_type": 4}, [("exact", "hello", False)]),
        (
            {"trigger_type": 5, "time_trigger_interval": 30, "context_channel": "123456789012345678"},
            [("interval", "", False)],
        ),
        ({"trigger_type": 7, "trigger": "^press-me$"}, [("component", "press-me", False)]),
        (
            {"trigger_type": 9, "trigger": "0 9 * * *", "context_channel": 123456789012345678},
            [("cron", "0 9 * * *", False)],
        ),
    ],
)
def test_its_triggers_are_ours(parts, triggers):
    one = imported("x", **parts)
    assert [(trigger.kind, trigger.text, trigger.case_sensitive) for trigger in one.spec.triggers] == triggers
    assert one.spec.enabled, one.notes


@pytest.mark.parametrize("parts", [
    {"trigger_type": 3, "trigger": "(?=x)"}, {"trigger_type": 5, "time_trigger_interval": 1}, {"trigger_type": 6},
    {"trigger_type": 7, "trigger": "a.*"}, {"trigger_type": 8}, {"trigger_type": 9}, {"trigger_type": 10}, {"trigger_type": 11},
    {"trigger_type": 13}, {"trigger_type": 14}, {"trigger_type": 99}, {"trigger_on_edit": True},
    {"time_trigger_excluding_days": [1]}, {"something_new": 1},
])  # fmt: skip
def test_a_trigger_that_cannot_be_ours_switches_it_off(parts):
    one = imported("x", **parts)
    assert not one.spec.enabled
    assert not one.spec.triggers
    assert len(one.notes) >= 2


def test_rules_names_and_slash_options_are_carried_over():
    one = imported("{{.Options.colour}}", trigger_type=12, trigger="paint", roles=["5"],
                   roles_whitelist_mode=True, channels=[7, 8],
                   interaction_defer_mode=2, slash_command_options=json.dumps({"description": "Paint", "options": [
                       {"name": "size", "type": 4, "required": False, "description": "", "min_value": 1},
                       {"name": "colour", "type": 3, "required": True, "description": "Which",
                        "choices": ["red", "blue"]}]}))  # fmt: skip
    spec = one.spec
    assert (spec.name, spec.slash, spec.ephemeral, spec.description) == ("paint", True, True, "Paint")
    assert (spec.allow.roles, spec.deny.channels) == ([5], [7, 8])
    assert [(option.name, option.kind, option.choices) for option in spec.options] == [
        ("colour", "text", ["red", "blue"]), ("size", "integer", []),
    ]  # fmt: skip
    assert said(one, "red") == "red"


def test_names_are_made_to_fit_and_told_and_empty_commands_are_skipped():
    found = read("yagpdb", json.dumps({"commands": [
        {"trigger_type": 0, "trigger": "Say Hi", "responses": ["a"]},
        {"trigger_type": 0, "trigger": "say-hi", "responses": ["b"]},
        {"trigger_type": 2, "trigger": "x", "name": "My words", "responses": ["c"], "disabled": True},
        {"trigger_type": 0, "trigger": "empty", "responses": ["  "]}, "nonsense",
    ]}))  # fmt: skip
    assert [(one.name, one.spec.name, one.spec.enabled) for one in found.commands] == [
        ("Say Hi", "say-hi", True), ("say-hi", "say-hi-2", True), ("My words", "my-words", False),
    ]  # fmt: skip
    assert [one.name for one in found.skipped] == ["empty", "command 5"]
    assert any("it is called `say-hi` here" in note for note in found.commands[0].notes)


def test_variables_that_are_made_of_themselves_or_of_many_others_end():
    many = "".join(f"{{{{$v{number} := add $v{number + 1} 1}}}}" for number in range(60))
    tables = ""
    for number in range(9):
        keys = " ".join(f'"k{one}" $t{number + 1}' for one in range(20))
        tables += f"{{{{$t{number} := sdict {keys}}}}}"
    for response in (
        "{{$x = add $x 1}}{{sendMessage nil (print $x)}}",
        '{{$a := $b}}{{$b := $a}}{{sendMessage nil (cembed "title" $a)}}',
        many + "{{sendMessage nil (print $v0)}}",
        tables + "{{sendMessage nil $t0}}",
    ):
        found = read("yagpdb", json.dumps([{"trigger": "x", "responses": [response]}]))
        assert len(found.commands) + len(found.skipped) == 1
        assert not any(one.spec.enabled for one in found.commands)


def test_reactions_are_carried_over():
    one = imported('{{addReactions "👍" "👎"}}x')
    assert (one.spec.reactions, one.notes) == (["👍", "👎"], [])
    assert any(
        "reacts to the message that asked here" in note for note in imported('{{addResponseReactions "👍"}}x').notes
    )


def test_a_trigger_that_looks_through_messages_sees_the_whole_of_them():
    one = imported("{{.Message.Content}}: {{index .Args 1}}", trigger_type=2, trigger="two")
    assert said(one, "one two") == "one two: two"
    assert one.spec.enabled
    for part in ("{{.StrippedMsg}}", "{{len .CmdArgs}}", "{{.Cmd}}"):
        other = imported(part, trigger_type=1)
        assert not other.spec.enabled
        assert any("is what follows the trigger" in note for note in other.notes)
