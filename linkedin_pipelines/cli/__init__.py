"""The command line: thin, one command group a file, loaded when it is used.

What belongs here: the list of commands, and how an error becomes one line and an exit code: 0 only on success, 1 for a
refusal or a failure, 2 for a wrong use of the command, 130 for an interruption.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

COMMANDS = {
    "init": ("init", "Make a home: configuration, inbox, database."),
    "up": ("up", "Start the Dagster UI and its daemon."),
    "demo": ("demo.command", "The main job on the bundled sandbox, end to end, with its outcome."),
    "sandbox": ("sandbox", "The sandbox alone: a site that imitates LinkedIn for invented people."),
    "accounts": ("accounts", "Mirror accounts.yaml; list, pause and resume accounts."),
    "session": ("session", "The signed-in browser session of an account."),
    "import": ("imports", "Import files of an account: LinkedIn archive, address books, calendars."),
    "sources": ("sources", "Address books and calendars on a server (CardDAV, CalDAV)."),
    "import-legacy": ("import_legacy", "Take over from the product used before; undo it, decide on namesakes."),
    "run": ("run", "Launch a job for an account through the instance's queue."),
    "birthdays": ("birthdays", "List the birthdays that are known."),
    "status": ("status", "How accounts stand: quotas, breaker, pauses, what waits."),
    "interactions": ("interactions", "What was done; decide what is in doubt."),
    "invitations": ("invitations", "Sent invitations that wait, and who sent them."),
    "profiles": ("profiles", "Profiles that visits read, by score; export them."),
    "evidence": ("evidence", "Refused pages, masked, to show to others."),
    "canary": ("canary", "Which elements of the site can be read; look again."),
    "stops": ("stops", 'Replies like "please stop" that wait for your decision.'),
    "notices": ("notices", "What you were told by e-mail or webhook; try the channels."),
    "contact": ("contact", "Put a person on do-not-contact."),
    "forget": ("forget", "Erase a person from everything, for good."),
    "backup": ("backup", "Copy the database, and try the copy out."),
    "restore": ("restore", "Replace the database by a backup."),
    "db": ("database", "Upgrade the database's schema."),
    "doctor": ("doctor", "Look at everything the product needs from this machine."),
}
"""Each command: the module that holds it, and its line of help; in the order in which a newcomer needs them."""


class _Lazy(click.Group):
    """Imports a command when it is called, so that `--help` need not load a browser and an orchestrator."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"linkedin_pipelines.cli.{COMMANDS[cmd_name][0]}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--debug", is_flag=True, help="Log everything but secrets, and show tracebacks.")
@click.version_option(package_name="linkedin-pipelines", message="%(version)s")
@click.pass_context
def root(context: click.Context, *, debug: bool) -> None:
    """Keep a member's LinkedIn relationships warm: the right words to the right person, once, within limits."""
    from linkedin_pipelines.cli.context import CliContext

    context.obj = CliContext.prepare(debug=debug)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = root.main(given, prog_name="linkedin-pipelines", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain once more when it flushes at exit.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (Exception, KeyboardInterrupt) as error:
        if "--debug" in given and not isinstance(error, click.ClickException | click.Abort | KeyboardInterrupt):
            raise
        why, code = _told(error)
        click.echo(f"error: {why}", err=True)
    return code if isinstance(code, int) else 0


def _told(error: BaseException) -> tuple[str, int]:
    """The line for the member, and the exit code."""
    from linkedin_pipelines.errors import LinkedInPipelinesError

    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "linkedin-pipelines"
        return f"{error.format_message()} (see `{command} --help`)", 2
    if isinstance(error, click.ClickException):
        return error.format_message(), 1
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return "interrupted", 130
    if isinstance(error, LinkedInPipelinesError):
        return "; ".join(str(error).splitlines()), 1  # several wrong fields or files still are one line
    from linkedin_pipelines.runtime.crash import keep_traceback

    return f"unexpected {type(error).__name__}; {keep_traceback(error)}", 1
