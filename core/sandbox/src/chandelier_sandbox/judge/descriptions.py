"""Discord's own descriptions: where they are, what they hold, and validators made of them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.judge.deviations import Deviation

if TYPE_CHECKING:
    import jsonschema_rs

VARIABLE = "CHANDELIER_DISCORD_SPEC"
OPENAPI = "openapi"
GATEWAY = "gateway"
_FILES = {OPENAPI: "discord-api-spec/openapi.json", GATEWAY: "discord-gateway-schema/gateway-v10.schema.json"}
_DRAFTS = {OPENAPI: "https://json-schema.org/draft/2020-12/schema", GATEWAY: "http://json-schema.org/draft-07/schema#"}
# What stands for the value in the library's sentences; the value itself is added shortened, without secrets.
MASK = "the value"


def find_descriptions(beside: Path | None = None) -> Path | None:
    """Return the folder of the descriptions: what CHANDELIER_DISCORD_SPEC names, else the nearest `shared`.

    beside: where to start; the folders above it are looked at one by one. The default is the working directory.
    """
    named = os.environ.get(VARIABLE)
    start = (beside or Path.cwd()).resolve()
    places = [Path(named)] if named else [folder / "shared" for folder in (start, *start.parents)]
    return next((place for place in places if all((place / file).is_file() for file in _FILES.values())), None)


class Descriptions:
    """The two documents, with the known deviations mended."""

    def __init__(self, folder: Path, deviations: Iterable[Deviation]) -> None:
        self._documents: dict[str, JsonObject] = {
            name: json.loads((folder / file).read_bytes()) for name, file in _FILES.items()
        }
        for deviation in deviations:
            deviation.mend(self._documents[deviation.document])
        self._registry: jsonschema_rs.Registry | None = None
        self._validators: dict[tuple[str, ...], jsonschema_rs.Validator] = {}

    @property
    def openapi(self) -> JsonObject:
        """Return the description of the REST API."""
        return self._documents[OPENAPI]

    @property
    def gateway(self) -> JsonObject:
        """Return the description of the gateway."""
        return self._documents[GATEWAY]

    def resolve(self, schema: JsonObject) -> JsonObject:
        """Return what a reference inside the REST document stands for."""
        while "$ref" in schema:
            found: Any = self.openapi
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        return schema

    def errors(self, place: Sequence[str], value: Any) -> list[jsonschema_rs.ValidationError]:
        """Judge a value by the schema at a place: the document's name, then the keys that lead there."""
        validator = self._validators.get(tuple(place))
        if validator is None:
            validator = self._validators[tuple(place)] = self._compile(place)
        return [] if validator.is_valid(value) else list(validator.iter_errors(value))

    def _compile(self, place: Sequence[str]) -> jsonschema_rs.Validator:
        try:
            import jsonschema_rs
        except ImportError as error:
            raise ImportError(
                "The judge needs the library jsonschema-rs: pip install 'chandelier-sandbox[judge]'"
            ) from error
        if self._registry is None:
            self._registry = jsonschema_rs.Registry([(f"urn:{name}", one) for name, one in self._documents.items()])
        document, *keys = place
        pointer = quote("".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys))
        return jsonschema_rs.validator_for(
            {"$schema": _DRAFTS[document], "$ref": f"urn:{document}#{pointer}"},
            registry=self._registry,
            mask=MASK,
            validate_formats=True,
            formats={"uri": _is_uri},
        )


def _is_uri(text: str) -> bool:
    """Say whether it is an address; a token in it may be hidden, so that not all of it is ASCII."""
    parts = urlsplit(text)
    return bool(parts.scheme and (parts.netloc or parts.path)) and " " not in text
