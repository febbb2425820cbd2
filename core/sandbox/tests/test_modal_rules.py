"""What Discord refuses in a form, and where the error stands."""

from __future__ import annotations

from typing import Any

import pytest

from chandelier_sandbox import Sandbox

from .interaction_steps import MESSAGE, MODAL, Wire, button, label, menu, option, row, text_input

SAY: dict[str, Any] = label("Say", text_input("say"))
RADIO: dict[str, Any] = {"type": 21, "custom_id": "r", "options": [option("a"), option("b")]}


def form(*components: Any, **more: Any) -> dict[str, Any]:
    return {"custom_id": "form", "title": "Form", "components": list(components)} | more


def inner(component: dict[str, Any]) -> dict[str, Any]:
    return form(label("It", component))


@pytest.mark.parametrize(
    ("wrong", "path", "code"),
    [
        (form(SAY, custom_id="x" * 101), "custom_id", "BASE_TYPE_BAD_LENGTH"),
        (form(SAY, title=None), "title", "BASE_TYPE_REQUIRED"),
        (form(), "components", "BASE_TYPE_BAD_LENGTH"),
        (form(*[label(f"{n}", text_input(f"{n}")) for n in range(6)]), "components", "BASE_TYPE_BAD_LENGTH"),
        (form(row(button("x"))), "components.0.components.0", "UNION_TYPE_CHOICES"),
        (form({"type": 17, "components": []}), "components.0", "UNION_TYPE_CHOICES"),
        (
            form(row(text_input("a", label="A"), text_input("b", label="B"))),
            "components.0.components",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (form(row(text_input("a"))), "components.0.components.0.label", "BASE_TYPE_REQUIRED"),
        (form(label("x" * 46, text_input("a"))), "components.0.label", "BASE_TYPE_BAD_LENGTH"),
        (form({"type": 18, "label": "A"}), "components.0.component", "BASE_TYPE_REQUIRED"),
        (form(SAY, SAY), "components.1.component.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"),
        (form({"type": 10, "content": "Only words"}), "components", "MODAL_INPUT_COMPONENT_REQUIRED"),
        (inner(text_input("a", style=3)), "components.0.component.style", "BASE_TYPE_CHOICES"),
        (inner(text_input("a", max_length=4001)), "components.0.component.max_length", "NUMBER_TYPE_MAX"),
        (inner(text_input("a", min_length=5, max_length=4)), "components.0.component.min_length", "NUMBER_TYPE_MAX"),
        (inner(text_input("a", max_length=1, value="ab")), "components.0.component.value", "BASE_TYPE_MAX_LENGTH"),
        (inner(menu(3, options=[])), "components.0.component.options", "BASE_TYPE_BAD_LENGTH"),
        (inner(menu(5, disabled=True)), "components.0.component.disabled", "COMPONENT_DISABLED_IN_MODAL"),
        (
            inner({"type": 19, "custom_id": "f", "max_values": 11}),
            "components.0.component.max_values",
            "NUMBER_TYPE_MAX",
        ),
        (inner(RADIO | {"options": [option("a")]}), "components.0.component.options", "BASE_TYPE_BAD_LENGTH"),
        (
            inner(RADIO | {"options": [option("a"), option("a")]}),
            "components.0.component.options.1",
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
        ),
        (inner({"type": 10, "content": "x"}), "components.0.component", "UNION_TYPE_CHOICES"),
    ],
)
async def test_a_form_that_breaks_a_rule_is_50035_where_it_breaks(
    wire: Wire, sandbox: Sandbox, wrong: Any, path: str, code: str
) -> None:
    await wire.register({"name": "a", "description": "a"})
    task = await wire.begin(sandbox.member("alice").slash("a"))
    refused = await wire.refuses(MODAL, wrong)
    assert refused["code"] == 50035
    node = refused["errors"]["data"]
    for step in path.split("."):
        assert step in node, refused["errors"]
        node = node[step]
    assert [error["code"] for error in node["_errors"]] == [code]
    await wire.answer(MESSAGE, {"content": "ok"})
    await task


async def test_a_form_of_everything_is_taken(wire: Wire, sandbox: Sandbox) -> None:
    await wire.register({"name": "a", "description": "a"})
    checks = {"type": 22, "custom_id": "c", "options": [option("a"), option("b")], "max_values": 2}
    parts = [row(text_input("old", label="Old")), {"type": 10, "content": "Words"}, label("R", RADIO)]
    whole = form(*parts, label("C", checks), label("T", {"type": 23, "custom_id": "t"}))
    reply = await wire.exchange(sandbox.member("alice").slash("a"), MODAL, whole)
    assert reply.modal is not None
    assert (reply.modal.title, [one.custom_id for one in reply.modal.inputs]) == ("Form", ["old", "r", "c", "t"])
