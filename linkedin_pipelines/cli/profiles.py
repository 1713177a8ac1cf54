"""`profiles`: what visits read, by the score of their fit; scored again and exported without another visit."""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import ValidationError

from linkedin_pipelines.cli.context import CliContext, account_argument, as_json, print_json, print_table
from linkedin_pipelines.domain.fit_score import Criteria
from linkedin_pipelines.services.visits.scores import ScoredProfile, score_again, scored


@click.group("profiles")
def command() -> None:
    """Profiles that visits read, best fit first."""


@command.command("list")
@account_argument
@as_json
@click.pass_obj
def list_(around: CliContext, *, account: str, as_json: bool) -> None:
    """List the profiles of ACCOUNT by score."""
    with around.database() as database:
        _show(scored(database, account), as_json=as_json)


@command.command("score")
@account_argument
@click.argument("criteria", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@as_json
@click.pass_obj
def score(around: CliContext, *, account: str, criteria: Path | None, as_json: bool) -> None:
    """Score the profiles of ACCOUNT again, by a JSON file of CRITERIA or those of the last search. Visits nobody."""
    wanted = None
    if criteria is not None:
        try:
            wanted = Criteria.model_validate_json(criteria.read_text(encoding="utf-8"))
        except (ValidationError, UnicodeDecodeError, OSError) as error:
            said = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
            raise click.ClickException(f"{criteria} holds no criteria: {said}") from error
    with around.database() as database:
        _show(score_again(database, account, wanted), as_json=as_json)


@command.command("export")
@account_argument
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def export(around: CliContext, *, account: str, file: Path) -> None:
    """Write the profiles of ACCOUNT to FILE: .csv, .parquet, or .svg for a picture of how the scores are spread."""
    from linkedin_pipelines.services.visits import exports  # pandas takes a second

    with around.database() as database:
        rows = exports.export(scored(database, account), file)
    click.echo(f"{rows} profiles: {file}")


def _show(found: tuple[ScoredProfile, ...], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
    elif not found:
        click.echo("no profiles yet: `run sourcing_campaign` visits those that a people search finds")
    else:
        columns = ["score", "confidence %", "name", "headline", "location", "read", "profile"]
        print_table(
            columns,
            [
                [
                    each.score,
                    each.confidence,
                    each.name if each.missing_since is None else "(missing)",
                    each.headline,
                    each.location,
                    each.read_on,
                    each.slug,
                ]
                for each in found
            ],
        )
