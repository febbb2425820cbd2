"""A person who clicks buttons, chooses in menus and submits forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chandelier_sandbox.client.forms import Form
from chandelier_sandbox.client.replies import BUTTON, MENUS, Component, Reply, flat
from chandelier_sandbox.client.selecting import CHANNEL_SELECT, ROLE_SELECT, STRING_SELECT, chosen
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.interactions.event import tell
from chandelier_sandbox.interactions.interactions import InteractionKind
from chandelier_sandbox.people.asking import Asking
from chandelier_sandbox.records import Message

_LINK, _PREMIUM = 5, 6
_SECTIONS = {ROLE_SELECT: ("roles",), CHANNEL_SELECT: ("channels",)}  # there even where nothing was chosen


class Clicking(Asking):
    """A person who uses the components under the bot's messages."""

    async def click(self, reply: Reply | Message | int, button: str, /, *, timeout_s: float = 10.0) -> Reply:
        """Click a button, named by custom id or label; return what comes of it: a message, or a form.

        Where the bot only acknowledges, the message as it stands comes back after timeout_s.
        """
        message = self._find(reply)
        found = _component(message, button, (BUTTON,), "button")
        _must_be_usable(found, f"The button {button!r}")
        data: JsonObject = {"custom_id": found["custom_id"], "component_type": BUTTON}
        return await self._touch(message, data, f"the button {button!r}", timeout_s)

    async def select(
        self, reply: Reply | Message | int, menu: str, values: Any = None, /, *, timeout_s: float = 10.0
    ) -> Reply:
        """Choose in a menu, named by custom id or placeholder; return what comes of it.

        values: one or several of: values or labels of its options; members, roles, channels, or their names or ids.
        None leaves what is chosen from the start.
        """
        message = self._find(reply)
        found = _component(message, menu, MENUS, "menu")
        place = f"The menu {menu!r}"
        _must_be_usable(found, place)
        resolver = self._resolver(self._discord.world.channel(message.channel_id))
        data: JsonObject = {"custom_id": found["custom_id"], "component_type": found.kind}
        data["values"] = chosen(place, found, values, resolver)
        if found.kind != STRING_SELECT:
            data["resolved"] = {name: {} for name in _SECTIONS.get(found.kind, ())} | resolver.found
        return await self._touch(message, data, f"the menu {menu!r}", timeout_s)

    async def press(
        self,
        reply: Reply | Message | int,
        custom_id: str,
        /,
        *,
        values: Sequence[Any] | None = None,
        timeout_s: float = 10.0,
    ) -> Reply:
        """Click a button, or choose values of a menu."""
        found = _component(self._find(reply), custom_id, (BUTTON, *MENUS), "button or menu")
        if found.kind == BUTTON:
            return await self.click(reply, custom_id, timeout_s=timeout_s)
        return await self.select(reply, custom_id, values, timeout_s=timeout_s)

    async def submit(
        self, form: Reply, values: Mapping[str, Any] | None = None, /, *, timeout_s: float = 10.0, **fields: Any
    ) -> Reply:
        """Fill in and send a form, its fields by custom id, in a mapping or by name; return what comes of it.

        A field left out keeps what stands in it. Texts are str, choices as in select, files Uploads, ticks bool.
        """
        asked = form.answers
        if form.modal is None or asked is None:
            raise CannotSend("This answer is no form; a form is what a command or button answers with a modal.")
        if asked.user is not self._user:
            raise CannotSend(f"The form {form.modal.title!r} was opened for {asked.user.name}, not for {self.name}.")
        if asked.form_sent:
            raise CannotSend(f"The form {form.modal.title!r} was submitted and is closed.")
        self._may_touch(asked.channel)
        resolver = self._resolver(asked.channel)
        data = Form(form.modal, {**(values or {}), **fields}, resolver).submission()
        interaction = self._open(
            InteractionKind.MODAL,
            form.modal.custom_id,
            asked.channel,
            source=asked.source,
            opened_by=asked,
            files=resolver.files,
        )
        tell(self._discord, interaction, data)
        try:
            answer = await self._answer(interaction, f"the form {form.modal.title!r}", timeout_s)
        finally:
            asked.form_sent = interaction.acknowledged
        return self._reply(answer, interaction)

    async def _touch(self, message: Message, data: JsonObject, what: str, timeout_s: float) -> Reply:
        channel = self._discord.world.channel(message.channel_id)
        self._may_touch(channel)
        interaction = self._open(InteractionKind.COMPONENT, data["custom_id"], channel, source=message)
        tell(self._discord, interaction, data)
        return self._reply(await self._answer(interaction, what, timeout_s), interaction)


def _component(message: Message, wanted: str, kinds: Sequence[int], noun: str) -> Component:
    """Return the button or menu with this custom id, else with this label."""
    of_kind = [one for one in flat(message.components) if one.kind in kinds]
    for one in of_kind:
        if one.custom_id == wanted:
            return one
    labelled = [one for one in of_kind if one.label == wanted]
    if not labelled:
        has = [one.custom_id or one.label for one in of_kind]
        raise CannotSend(f"This message has no {noun} {wanted!r}; it has {has}.")
    if len(labelled) > 1:
        raise CannotSend(f"This message has several {noun}s labelled {wanted!r}; name one by its custom id.")
    return labelled[0]


def _must_be_usable(component: Component, place: str) -> None:
    if component.disabled:
        raise CannotSend(f"{place} is disabled.")
    if component.get("style") == _LINK:
        raise CannotSend(f"{place} is a link to {component['url']}: the bot learns nothing of a click on it.")
    if component.get("style") == _PREMIUM:
        raise CannotSend(f"{place} opens Discord's shop (SKU {component['sku_id']}): the bot learns nothing of it.")
