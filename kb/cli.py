"""The command line: finds the commands in their folder, and turns every error into one line and an exit status."""

import errno
import os
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from kb.terminal.exit_status import BAD_USAGE, INTERNAL_ERROR, INTERRUPTED, NOTHING_OBSERVED

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
"""Errors of a machine that has no room left, on its disk, in its memory or in its table of files: no bug of kbdiag."""

FOLDER = Path(__file__).parent / "commands"


class Folder(click.Group):
    """A group whose commands are the files of a folder, and whose groups are the folders in it.

    A file `infer.py` defines `command`, and its first line, a sentence in a docstring, is the short help. Only the
    file of the command that is asked for is imported, so that a command may import at its top whatever it needs.
    """

    def __init__(self, folder: Path, package: str, **settings: Any) -> None:
        super().__init__(**settings)
        self._folder, self._package = folder, package

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of the commands, from the names of the files."""
        files = [*self._folder.glob("[a-z]*.py"), *(path.parent for path in self._folder.glob("[a-z]*/__init__.py"))]
        return sorted(path.stem.replace("_", "-") for path in files)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command called `cmd_name`, or None."""
        if cmd_name not in self.list_commands(ctx):
            return None
        stem = cmd_name.replace("-", "_")
        place, package = self._folder / stem, f"{self._package}.{stem}"
        if place.is_dir():
            return Folder(
                place, package, name=cmd_name, help=_first_sentence(place / "__init__.py"), no_args_is_help=True
            )
        command: click.Command = import_module(package).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing one."""
        paths = {name: self._folder / name.replace("-", "_") for name in self.list_commands(ctx)}
        rows = [
            (name, _first_sentence(path / "__init__.py" if path.is_dir() else path.with_suffix(".py")))
            for name, path in paths.items()
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


class _CommandLine(Folder):
    def main(self, *arguments: Any, **settings: Any) -> NoReturn:
        """Run a command and exit. An error is one line on standard error, or one line per mistake in rules."""
        if sys.stdout is None:  # closed by the caller: Python then has no stream at all
            sys.exit(_complain("standard output is closed; nothing can be printed", BAD_USAGE))
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        try:
            status = super().main(*arguments, **settings | {"standalone_mode": False})
        except click.Abort:
            status = INTERRUPTED
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            status = BAD_USAGE
        except click.UsageError as error:
            where = error.ctx.command_path if error.ctx else "kbdiag"
            status = _complain(f"{error.format_message().rstrip('.')} (see {where} --help)", BAD_USAGE)
        except click.ClickException as error:
            status = _complain(error.format_message(), BAD_USAGE)
        except Exception as error:  # noqa: BLE001 - the last resort: a user never sees a traceback
            status = _fail(error)
        sys.exit(status)


def _fail(error: Exception) -> int:
    from facts.model.errors import KbdiagError, RuleError, UsageError  # noqa: PLC0415 - only needed when something fails
    from facts.snapshot.redaction.redact import redact_text  # noqa: PLC0415

    if isinstance(error, KbdiagError):
        return _complain(str(error), BAD_USAGE if isinstance(error, UsageError | RuleError) else NOTHING_OBSERVED)
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        where = f"{error.filename}: " if error.filename else ""
        return _complain(f"{where}{error.strerror}; make room and run it again", BAD_USAGE)
    if os.environ.get("KBDIAG_DEBUG"):
        click.echo(redact_text("".join(traceback.format_exception(error))), err=True, nl=False)
    # Redacted before it is made one line: the lines of a secret tell that it is one.
    what = redact_text(f"{type(error).__name__}: {error}").replace("\n", " ")
    hint = "a bug in kbdiag, please report it; KBDIAG_DEBUG=1 gives a traceback"
    return _complain(f"internal error: {what} ({hint})", INTERNAL_ERROR)


def _complain(message: str, status: int) -> int:
    from facts.snapshot.redaction.redact import redact_text  # noqa: PLC0415 - only needed when something fails
    from kb.terminal.visible import visible  # noqa: PLC0415

    for line in redact_text(message).splitlines() or [""]:
        click.echo(f"kbdiag: {visible(line)}", err=True)
    return status


def _first_sentence(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.readline().strip().strip('"').rstrip(".")


def _print_version(ctx: click.Context, _: click.Parameter, wanted: object) -> None:
    if wanted and not ctx.resilient_parsing:
        from kb.terminal.version import version  # noqa: PLC0415 - only needed here

        click.echo(f"kbdiag {version()}")
        ctx.exit()


cli = _CommandLine(
    FOLDER,
    "kb.commands",
    name="kbdiag",
    help="Find what broke in a Kubernetes cluster, from the hypervisor to the Service, and prove it.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=True,
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_print_version,
            help="Print the version and exit.",
        )
    ],
)


def main() -> NoReturn:
    """Run `kbdiag`: the entry point of the installed script."""
    cli.main(prog_name="kbdiag")
