"""The rules that only read: metadata, declaration and source."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import Distribution

from packaging.requirements import InvalidRequirement, Requirement

from chandelier import Declaration, Need
from chandelier_core.conformance.subject import Subject, other_packages
from chandelier_core.life.consents import needs_of
from chandelier_core.loading.discovery import take_declaration
from chandelier_core.rest_door import needs_of_method, rule_of

#: The packages of the project that are not for plugins.
OURS = {f"chandelier_{part}" for part in ("core", "api", "sandbox")}
_FORBIDDEN = ("socket.", "open", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn")
#: Which of a plugin's findings belong to which rule, by what they say.
_NAMES = re.compile(
    r"is no name for Discord|is reserved|entry point is called|wants the command|wants it, and|declares it twice"
)
_WORDS = re.compile(r"must have 1 to 100 characters|summary")
_PAGE = {
    "how to install it": r"install",
    "its settings": r"setting|config",
    "its commands": r"command",
    "its permissions": r"permission",
}


def contract_range(subject: Subject) -> Iterator[str]:
    """Ask for a dependency on the contract that ends somewhere."""
    lines = [] if subject.distribution is None else subject.distribution.requires or []
    for line in lines:
        try:
            read = Requirement(line)
        except InvalidRequirement:
            continue
        if read.name == "chandelier":
            if not any(one.operator in ("<", "<=", "==", "~=") for one in read.specifier):
                yield f"it depends on {line}, with no upper bound; write chandelier>=1,<2."
            return
    yield "its distribution does not depend on chandelier; write chandelier>=1,<2 into its dependencies."


def declare_is_pure(subject: Subject) -> Iterator[str]:
    """Ask for the same declaration twice, with the machine out of reach."""
    with _out_of_reach() as touched:
        first, second = (
            take_declaration(subject.entry.candidate.plugin),
            take_declaration(subject.entry.candidate.plugin),
        )
    if touched:
        yield f"its declare() reaches for {', '.join(sorted(set(touched)))}; do that in the lifespan."
    if _plain(first) != _plain(second):
        yield "its declare() gives something else the second time."


def names_are_valid(subject: Subject) -> Iterator[str]:
    """Give the findings about names."""
    yield from (str(one) for one in subject.entry.findings if one.level == "error" and _NAMES.search(one.sentence))


def words_for_everything(subject: Subject) -> Iterator[str]:
    """Give the findings about words, and the settings that have none."""
    yield from (str(one) for one in subject.entry.findings if one.level == "error" and _is_about_words(one.sentence))
    declared = subject.entry.declared
    for kind, model in (("setting", declared.config), ("setting of servers", declared.guild_config)):
        for name, field in model.model_fields.items():
            if not field.description:
                yield f"its {kind} {name} does not say what it is; give it Field(description=...)."


def every_surface_expressible(subject: Subject) -> Iterator[str]:
    """Give all other findings: what keeps a command from being said somewhere."""
    for one in subject.entry.findings:
        about_config = "config]" in one.sentence
        if one.level == "error" and not (_NAMES.search(one.sentence) or _is_about_words(one.sentence) or about_config):
            yield str(one)


def config_has_defaults(subject: Subject) -> Iterator[str]:
    """Ask that what must be set says what it is."""
    for name, field in subject.entry.declared.config.model_fields.items():
        if field.is_required() and not field.description:
            yield f"its setting {name} must be made, and does not say what it is."


def no_foreign_imports(subject: Subject) -> Iterator[str]:
    """Look at every import of the package."""
    others = other_packages(subject.entry.name)
    declared = subject.entry.declared
    known = {used.protocol.__module__ for used in declared.uses} | {one.event.__module__ for one in declared.listeners}
    for path, module in subject.modules():
        for name in _imports(module):
            first, _, rest = name.partition(".")
            if first in OURS:
                yield f"{path.name} imports {name}; a plugin uses chandelier alone."
            elif first in others and first != subject.package:
                if rest.partition(".")[0] != "api":
                    yield f"{path.name} imports {name} of the plugin {others[first]}; only its api is for others."
                elif not any(one.startswith(first) for one in known):
                    yield f"{path.name} imports {name}, and uses no service and hears no event of {others[first]}."


def needs_are_true(subject: Subject) -> Iterator[str]:
    """Compare what the source calls on a REST client with what is declared."""
    declared, used = needs_of(subject.entry), set[Need]()
    for path, module in subject.modules():
        for method in _rest_calls(module):
            if rule_of(method) == "closed":
                yield f"{path.name} calls {method}, which the host keeps to itself."
            wanted = needs_of_method(method)
            used |= wanted
            for need in sorted(wanted - declared, key=lambda one: one.value):
                yield f"{path.name} calls {method}; list Need.{need.name} among its needs."
    sent = {need for need in declared if need.permissions and need not in used}
    for need in sorted(sent - {Need.ATTACH_FILES, Need.MENTION_EVERYONE}, key=lambda one: one.value):
        if not _any_rest(subject):
            yield f"it lists Need.{need.name}, and sends nothing; take it out."


def has_its_page(subject: Subject) -> Iterator[str]:
    """Look at the README that its distribution brought."""
    text = "" if subject.distribution is None else _description(subject.distribution)
    if not text.strip():
        yield 'its distribution has no README; write readme = "README.md" into pyproject.toml.'
        return
    missing = [words for words, pattern in _PAGE.items() if not re.search(pattern, text, re.IGNORECASE)]
    if missing:
        yield f"its README does not say {', '.join(missing)}."


def _description(distribution: Distribution) -> str:
    """Give the long description: the body of the metadata, or its header of that name."""
    metadata = distribution.read_text("METADATA") or ""
    header, _, body = metadata.partition("\n\n")
    return body if body.strip() else header.partition("\nDescription:")[2]


READ: dict[str, Callable[[Subject], Iterator[str]]] = {
    "contract-range": contract_range,
    "declare-is-pure": declare_is_pure,
    "names-are-valid": names_are_valid,
    "words-for-everything": words_for_everything,
    "every-surface-expressible": every_surface_expressible,
    "config-has-defaults": config_has_defaults,
    "no-foreign-imports": no_foreign_imports,
    "needs-are-true": needs_are_true,
    "has-its-page": has_its_page,
}


def _is_about_words(sentence: str) -> bool:
    return bool(_WORDS.search(sentence)) and not _NAMES.search(sentence)


@contextmanager
def _out_of_reach() -> Iterator[list[str]]:
    """Note whatever reaches for the machine meanwhile; an audit hook stays for good, and is deaf afterwards."""
    touched: list[str] = []
    listening = True

    def note(event: str, _arguments: tuple[object, ...]) -> None:
        if listening and event.startswith(_FORBIDDEN):
            touched.append(event)

    sys.addaudithook(note)
    try:
        yield touched
    finally:
        listening = False


def _plain(declared: Declaration) -> str:
    """Write a declaration down, with what is left out of comparison: functions by name."""
    handlers = [one.handler for one in declared.commands] + [one.handler for one in declared.listeners]
    handlers += [one.handler for one in declared.jobs]
    names = [getattr(one, "__qualname__", "") for one in handlers]
    return repr((declared.name, declared.summary, [one.path for one in declared.commands], names, declared.hooks,
                 declared.needs, declared.models, declared.pages))  # fmt: skip


def _imports(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _rest_calls(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if isinstance(owner, ast.Attribute) and owner.attr == "rest":
                yield node.func.attr


def _any_rest(subject: Subject) -> bool:
    """Say whether the package touches a REST client at all, perhaps by a name that cannot be followed."""
    return any(
        isinstance(node, ast.Attribute) and node.attr in ("rest", "app")
        for _, module in subject.modules()
        for node in ast.walk(module)
    )
