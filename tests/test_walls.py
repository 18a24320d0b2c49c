"""The walls of the house: who may import whom, and one set of verbs for the library and the command line."""

from __future__ import annotations

import ast
import inspect
import typing
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer

import xltools
from xltools import cli, verbs
from xltools.app import app

ROOT = Path(xltools.__file__).parent
FORM_ONLY = ("rules", "rulebook", "scoring", "quantities", "model", "merging", "profiles", "vocabulary")
EXCEL = {"openpyxl", "xlsxwriter", "lxml", "xlrd", "xlwt", "zipfile", "msoffcrypto", "olefile"}
OTHERS = {"pandas", "pyarrow", "numpy", "typer", "click", "xlwings", "docx"}


def _name(path: Path) -> str:
    parts = ("xltools", *path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_name(path): path for path in sorted(ROOT.rglob("*.py"))}


def _only_for_types(node: ast.If) -> bool:
    return "TYPE_CHECKING" in ast.dump(node.test)


def _imports(node: ast.AST, *, inside_functions: bool) -> Iterator[ast.Import | ast.ImportFrom]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif isinstance(child, ast.If) and _only_for_types(child):
            for other in child.orelse:
                yield from _imports(other, inside_functions=inside_functions)
        elif inside_functions or not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _imports(child, inside_functions=inside_functions)


@cache
def needs(module: str, inside_functions: bool = True) -> frozenset[str]:
    """Modules a module imports itself; ``from package import module`` means that module."""
    found = set()
    for node in _imports(ast.parse(MODULES[module].read_text("utf-8")), inside_functions=inside_functions):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        else:
            assert node.level == 0, f"{module}: relative import"
            base = node.module or ""
            for alias in node.names:
                full = f"{base}.{alias.name}"
                found.add(full if full in MODULES else base)
    return frozenset(found - {module})


def reached(module: str) -> dict[str, tuple[str, ...]]:
    """Everything a module brings along, packages above it included, each with the way there."""
    ways: dict[str, tuple[str, ...]] = {module: (module,)}
    waiting = [module]
    while waiting:
        current = waiting.pop()
        above = {current.rsplit(".", 1)[0]} if "." in current else set()
        for name in needs(current) | above - {"xltools"}:
            if name not in ways:
                ways[name] = (*ways[current], name)
                if name in MODULES:
                    waiting.append(name)
    return ways


@pytest.mark.parametrize("part", FORM_ONLY)
def test_what_knows_only_the_form_reaches_no_file_format_and_no_interface(part: str) -> None:
    modules = [name for name in MODULES if name == f"xltools.{part}" or name.startswith(f"xltools.{part}.")]
    assert modules
    forbidden = EXCEL | OTHERS
    for module in modules:
        breaches = [
            " → ".join(way) for name, way in reached(module).items() if name.split(".")[0] in forbidden
        ]
        assert breaches == []


def test_the_walk_sees_a_breach() -> None:
    assert "lxml" in {name.split(".")[0] for name in reached("xltools.sheets")}
    assert "xlsxwriter" in {name.split(".")[0] for name in reached("xltools.consolidated")}


def test_only_the_edges_know_the_command_line_and_frames() -> None:
    users = {name: {each.split(".")[0] for each in needs(name)} for name in MODULES}
    assert {name for name, used in users.items() if "typer" in used} == {"xltools.app", "xltools.console"}
    assert {name for name, used in users.items() if "pandas" in used} == {"xltools.tabular", "xltools.frames"}
    assert {name for name, used in users.items() if "openpyxl" in used} == set()


def test_no_import_cycle() -> None:
    state: dict[str, str] = {}
    cycles: list[str] = []

    def visit(module: str, way: tuple[str, ...]) -> None:
        if state.get(module) == "done":
            return
        if module in way:
            cycles.append(" → ".join((*way[way.index(module) :], module)))
            return
        for name in sorted(needs(module) & MODULES.keys()):
            visit(name, (*way, module))
        state[module] = "done"

    for module in MODULES:
        visit(module, ())
    assert cycles == []


# --- thin edges ---------------------------------------------------------------------------------

# Options that say how something is shown or where it goes; they are the command line's own.
SHOWN = {"format", "output", "lang", "annotate", "returns", "explain"}
# Arguments that only a program can give.
FOR_PROGRAMS = {"progress", "lang", "executor"}
COMMANDS = {
    info.callback.__name__: info.callback for info in app.registered_commands if info.callback is not None
}
# Commands that are no verb of the library: the catalogue is data of its own (xltools.rulebook).
CATALOGUE = {"rules"}
# Verbs that need no command: `read` is `extract` for one file.
FOR_LIBRARY = {"read"}


def arguments(function: object) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(typing.cast(typing.Callable[..., object], function)).parameters)


def test_the_library_offers_the_verbs_and_nothing_else() -> None:
    assert set(xltools.__all__) - {"__version__"} == FOR_LIBRARY | (set(COMMANDS) - CATALOGUE)
    for name in set(xltools.__all__) - {"__version__"}:
        assert getattr(xltools, name) is getattr(verbs, name)
    with pytest.raises(AttributeError):
        _ = xltools.consolidate


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - CATALOGUE))
def test_a_command_takes_what_its_verb_takes(name: str) -> None:
    command, verb = arguments(COMMANDS[name]), arguments(getattr(verbs, name))
    ours = set(verb) - FOR_PROGRAMS
    assert ours <= set(command), "the command line lacks an argument of the library"
    assert set(command) - ours <= SHOWN, "the command line has an argument that the library lacks"
    for argument in ours - {"paths", "output", "folder", "workbook", "check"}:
        assert command[argument].default == verb[argument].default, argument


def test_the_commands_about_buttons_take_what_their_verbs_take() -> None:
    for command, verb in (
        (cli.buttons_add, verbs.add_buttons),
        (cli.buttons_strip, verbs.strip_buttons),
        (cli.doctor_run, verbs.doctor),
    ):
        assert set(arguments(command)) - {"lang"} == set(arguments(verb))


def test_every_command_is_named_and_explained() -> None:
    for name, command in COMMANDS.items():
        assert command.__doc__, name
        for argument in arguments(command).values():
            if argument.name == "version":
                continue
            metadata = typing.get_type_hints(command, include_extras=True)[argument.name].__metadata__
            assert any(getattr(each, "help", None) for each in metadata), f"{name} {argument.name}"


def test_the_command_line_knows_no_finance() -> None:
    """It imports verbs, words and outputs only, and asks nothing about what stands in a form."""
    allowed = {
        "xltools",
        "xltools.verbs",
        "xltools.console",
        "xltools.declaring",
        "xltools.interchange",
        "xltools.tabular",
        "xltools.writing",
        "xltools.profiles",
        "xltools.messages.console",
        "xltools.messages.interface",
        "xltools.explaining",
        "xltools.messages.reasons",
        "xltools.refusal",
    }
    assert {name for name in needs("xltools.cli") if name.startswith("xltools")} <= allowed
    finance = {
        "score",
        "weight",
        "budget",
        "executed",
        "grade",
        "indicator",
        "indicators",
        "funds",
        "forms",
        "target",
    }
    tree = ast.parse(MODULES["xltools.cli"].read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            asked = {each.attr for each in ast.walk(node.test) if isinstance(each, ast.Attribute)}
            assert asked - {"target"} & finance == set(), ast.unparse(node.test)


def test_one_app() -> None:
    assert isinstance(app, typer.Typer)
