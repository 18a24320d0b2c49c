"""The commands of `xltools.cli` as a typer application: help, errors, and every way to write a call."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from xltools import __version__, cli
from xltools.console import asked_lang, tell
from xltools.declaring import Argument, Command, Parameter, parameters
from xltools.messages.console import say


class _Commands(TyperGroup):
    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            tell(say("interrupted", asked_lang()))
            raise typer.Exit(2) from None


def _explained(parser: Callable[[str], Any]) -> Callable[[str], Any]:
    """With the sentence of the parser as the error that typer shows."""

    def parse(text: str) -> Any:
        try:
            return parser(text)
        except ValueError as wrong:
            raise typer.BadParameter(str(wrong)) from None

    return parse


def _typer_annotation(parameter: Parameter) -> Any:
    info = parameter.info
    if isinstance(info, Argument):
        return Annotated[parameter.annotation, typer.Argument(help=info.help, show_default=False)]
    parser = _explained(info.parser) if info.parser else None
    option = typer.Option(
        *parameter.names, help=info.help, min=info.min, max=info.max, parser=parser, metavar=info.metavar
    )
    return Annotated[Any if parser else parameter.annotation, option]


def for_typer(command: Command) -> Callable[..., None]:
    """A command as typer wants it: with its own annotations, the exit code raised."""

    def run(**given: Any) -> None:
        raise typer.Exit(command(**given))

    taken = [
        inspect.Parameter(
            each.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=each.default,
            annotation=_typer_annotation(each),
        )
        for each in parameters(command)
    ]
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__signature__ = inspect.Signature(taken)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in taken}
    return run


app = typer.Typer(
    name="xltools",
    cls=_Commands,
    help="项目支出绩效自评表工具：生成模板、校验、填公式、合并。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本号")
    ] = False,
) -> None:
    pass


def _group(name: str, help: str, **commands: Command) -> None:
    group = typer.Typer(help=help, no_args_is_help=True)
    for word, command in commands.items():
        group.command(word)(for_typer(command))
    app.add_typer(group, name=name)


for _command in (cli.new, cli.validate, cli.fill, cli.extract, cli.merge, cli.report, cli.rules):
    app.command()(for_typer(_command))
_group("buttons", "给自评表加上或去掉 Excel 按钮。", add=cli.buttons_add, strip=cli.buttons_strip)
_group(
    "excel",
    "安装 Excel 功能区选项卡“绩效自评”。",
    install=cli.excel_install,
    uninstall=cli.excel_uninstall,
)
_doctor = typer.Typer(help="检查 Excel 按钮所需的各项条件，逐项说明怎么办。", invoke_without_command=True)
_doctor.callback()(for_typer(cli.doctor_run))
app.add_typer(_doctor, name="doctor")
