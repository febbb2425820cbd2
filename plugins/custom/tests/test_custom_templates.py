"""The language of answers: what it says, and how it is kept from doing harm."""

from __future__ import annotations

from random import Random

import pytest

from chandelier_custom.templates.language import FILTERS, TAGS
from chandelier_custom.templates.limits import MOST_OUTPUT
from chandelier_custom.templates.objects import DOCUMENTED, sample
from chandelier_custom.templates.rendering import Rendering, TemplateFailed, check, literal


def say(source: str, text: str = "") -> str:
    return Rendering(sample(text), Random(7)).render(source)


def refusal(source: str) -> str:
    with pytest.raises(TemplateFailed) as raised:
        say(source)
    return raised.value.sentence


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Hello", "Hello"),
        ("Hi {{ user.display_name }} of {{ server.name }}!", "Hi Ada of Lovelace Society!"),
        ("{{ user.mention }} {{ user | mention_user }} {{ channel.mention }}",
         "<@175928847299117063> <@175928847299117063> <#81384788765712384>"),
        ("{{ '5' | mention_role }} {{ 6 | mention_channel }}", "<@&5> <#6>"),
        ("{{ args[0] | upcase }} of {{ args | size }}: {{ text }}", "ONE of 2: one two"),
        ("{% if args[1] == 'two' %}yes{% else %}no{% endif %}", "yes"),
        ("{% for word in args reversed %}{{ word }} {% endfor %}", "two one "),
        ("{% case args[0] %}{% when 'one' %}1{% else %}?{% endcase %}", "1"),
        ("{{ 2 | times: 3 | plus: 1 }} {{ 7 | divided_by: 2 }} {{ 7 | modulo: 2 }}", "7 3 1"),
        ("{{ 1234567 | commas }}", "1,234,567"),
        ("{{ now | date: '%d %B %Y' }} {{ now | discord_time: 'R' }}", "10 June 2026 <t:1781092800:R>"),
        ("{{ '2026-06-10T12:00:00Z' | discord_time }}", "<t:1781092800:f>"),
        ("{% assign x = 'a,b' | split: ',' %}{{ x | join: '+' }}", "a+b"),
        ("{{ vars.user.nothing | default: 'none yet' }}{{ nothing_at_all }}", "none yet"),
        ("{% raw %}{{ braces }}{% endraw %} { } {{ '{' }}", "{{ braces }} { } {"),
        ("{% comment %}unsaid{% endcomment %}said", "said"),
    ],
)  # fmt: skip
def test_a_template_says(source, said):
    assert say(source, "one two") == said


def test_chance_is_fair_and_in_bounds():
    rendering = Rendering(sample(), Random(3))
    drawn = {rendering.render("{{ 1 | random: 6 }}") for _ in range(200)}
    assert drawn == set("123456")
    assert {rendering.render("{{ 'a,b' | split: ',' | pick }}") for _ in range(50)} == {"a", "b"}
    assert rendering.render("{{ '' | split: ',' | pick }}") == ""


def test_what_is_saved_is_seen_at_once_and_given_at_the_end():
    rendering = Rendering(sample())
    source = "{% save user.points = vars.user.points | plus: 5 %}{{ vars.user.points }}{% save server.record = 'Ada' %}"
    assert rendering.render(source) == "5"
    assert rendering.render("{{ vars.server.record }}") == "Ada"
    assert rendering.saved == {("user", "points"): 5, ("server", "record"): "Ada"}


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("{% for a in (1..3000) %}{% for b in (1..3000) %}x{% endfor %}{% endfor %}", "turn more than 5000 times"),
        ("{% for a in (1..5000) %}{% endfor %}{% for a in (1..5000) %}{% endfor %}", "turn more than 5000 times"),
        ("{% assign s='a' %}{% for a in (1..40) %}{% assign s = s | append: s %}{% endfor %}", "beyond 20000 characters"),
        ("{% for a in (1..4999) %}aaaaaaa{% endfor %}", "says more than 6000 characters"),
        ("{{ (1..100000000000) | join: ',' }}", "beyond 1000 items"),
        ("{{ '9' | times: 99999999999999999 | times: 9999999 }}", "beyond 64 bits"),
        ("{% assign s = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' %}{% for a in (1..6) %}"
         "{% assign s = s | replace: 'a', s %}{% endfor %}", "beyond 20000 characters"),
        ("{% for a in (1..11) %}{% save user.x = 1 %}{% endfor %}" + "".join(f"{{% save user.n{n} = 1 %}}" for n in range(11)),
         "more than 10 variables"),
        ("{{ 1 | divided_by: 0 }}", "cannot be worked out in line 1: divided_by: can't divide by 0."),
        ("{{ now | date: '%999999999Y' }}", "date takes a format"),
        ("{{ 'x' | mention_user }}", "takes the id"),
    ],
)  # fmt: skip
def test_a_limit_ends_it_with_a_sentence(source, sentence):
    assert sentence in refusal(source)


def test_a_rendering_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr("chandelier_custom.templates.limits.MOST_TIME_S", 0.0)
    assert "takes longer than" in refusal("{% for a in (1..2) %}{{ a | plus: 1 }}{% endfor %}")


@pytest.mark.parametrize(
    "source",
    ["{{ user.__class__ }}", "{{ user['__class__'] }}", "{{ text.__class__.__mro__ }}", "{{ args.append }}",
     "{{ vars.__init__ }}",
     "{{ now.__class__ }}", "{{ now.year }}", "{{ forloop }}", "{{ bot.token }}", "{{ self }}", "{{ context }}"],
)  # fmt: skip
def test_nothing_of_python_can_be_reached(source):
    assert say(source) == ""


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("{% include '/etc/passwd' %}", "There is no tag `include` here. There are: "),
        ("{% fro x in args %}", "Did you mean `for`?"),
        ("{{ text | upcas }}", "There is no filter `upcas`. Did you mean `upcase`?"),
        ("{{ usr.name }}", "There is no object `usr`. Did you mean `user`?"),
        ("one\n{% if %}", "The template cannot be read in line 2: missing expression."),
        ("{{ user.name", "expected '}}', found end of file"),
        ("{% save usr.x = 1 %}", "save takes user., server. or channel. and a name"),
        ("{% if 1 %}" * 30, "block nesting limit reached"),
        ("{{" * 1000, "at most 300 tags"),
        ("x" * 4001, "at most 4000 characters"),
    ],
)
def test_what_cannot_be_right_is_told_when_it_is_written(source, sentence):
    assert sentence in (check(source) or "")


def test_what_people_supply_is_never_worked_out():
    given = "{{ 7 | times: 191 }} {% if true %}x{% endif %} @everyone"
    assert say("{{ text }}|{{ args | join: ' ' }}|{{ text | upcase | downcase }}", given) == "|".join(
        (given, given, given.lower())
    )


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "{%endraw%}{{ x",
        "{%- endraw -%} {% x %}",
        "{{ a }}",
        "{% b %}",
        "{% endraw %}{{",
        "a {% endraw %} b {% endraw %} {{ c",
        "}}",
    ],
)
def test_a_literal_text_says_itself(text):
    assert check(literal(text)) is None
    assert say(literal(text)) == text


def test_every_object_that_is_documented_is_there():
    context = sample("some words").as_context()
    for name in DOCUMENTED:
        found: object = context
        for part in name.split("."):
            assert isinstance(found, dict)
            assert part in found, name
            found = found[part]
    assert {"include", "render"}.isdisjoint(TAGS)
    assert {"escape", "base64_decode", "strip_html"}.isdisjoint(FILTERS)
    assert MOST_OUTPUT == 6000
