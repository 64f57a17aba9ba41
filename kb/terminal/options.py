"""Command line options that several commands share."""

import functools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from engine.language.rule import SEVERITIES
from engine.match.chaining import ENGINES
from facts.model.stages import measured
from kb.terminal.visible import visible

_Function = TypeVar("_Function", bound=Callable[..., Any])

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
"""A label as RFC 1123 allows it, which is what names a namespace."""


def bundled_option(function: _Function) -> _Function:
    """Add --no-bundled-rules."""
    return click.option(
        "--no-bundled-rules",
        "bundled",
        flag_value=False,
        default=True,
        type=bool,
        help="Leave out the rules that ship with kbdiag.",
    )(function)


def rule_options(function: _Function) -> _Function:
    """Add --rules, --strict and --no-bundled-rules."""
    function = click.option(
        "--strict", is_flag=True, help="Stop at a mistake in --rules, instead of leaving that rule out."
    )(function)
    return click.option(
        "--rules",
        "folders",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Add the rules of a folder or file; one of the same id replaces the bundled one. Repeatable.",
    )(bundled_option(function))


def engine_option(function: _Function) -> _Function:
    """Add --engine."""
    return click.option(
        "--engine",
        "engine_name",
        type=click.Choice(ENGINES),
        help="Engine that joins the facts. Both give the same result.",
    )(function)


def confidence_option(default: float, what: str) -> Callable[[_Function], _Function]:
    """Return what adds --min-confidence, whose help says `what` is done with causes below it."""
    return click.option(
        "--min-confidence", type=click.FloatRange(0, 1), default=default, show_default=True, metavar="P", help=what
    )


def fail_on_option(function: _Function) -> _Function:
    """Add --fail-on."""
    return click.option(
        "--fail-on",
        type=click.Choice(SEVERITIES),
        metavar="SEVERITY",
        help="Exit with 3 for a cause of this severity or worse (confidence from 0.5).",
    )(function)


def colour_option(function: _Function) -> _Function:
    """Add --color."""
    return click.option(
        "--color",
        "colour",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Colour; auto is on a terminal, unless NO_COLOR is set.",
    )(function)


def _namespaces(_: click.Context, __: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names as they are; one that Kubernetes would not allow is bad usage."""
    for name in names:
        if not _LABEL.fullmatch(name):
            raise click.UsageError(
                f"-n {visible(name)!r}: not the name of a namespace (1 to 63 of a-z, 0-9 and -, no - at either end)"
            )
    return names


def live_options(function: _Function) -> _Function:
    """Add the options that choose live clusters, and say how to look at them."""
    for option in (
        click.option(
            "--git",
            multiple=True,
            type=click.Path(exists=True, file_okay=False),
            metavar="DIR",
            help="Read commits near the incident that touch manifests, from this repository. Repeatable.",
        ),
        click.option(
            "--helm-values", is_flag=True, help="Ask your own helm for history and values of releases in trouble."
        ),
        click.option(
            "--no-ssh", "ssh", flag_value=False, default=True, type=bool, help="Do not log into nodes over SSH."
        ),
        click.option("--ssh-port", type=click.IntRange(1, 65535), metavar="PORT", help="SSH port of the nodes."),
        click.option("--ssh-key", metavar="FILE", help="SSH key for the nodes. Default: what ~/.ssh/config says."),
        click.option("--ssh-user", metavar="NAME", help="SSH user on the nodes. Default: what ~/.ssh/config says."),
        click.option(
            "--node",
            "nodes",
            multiple=True,
            metavar="NAME=ADDRESS",
            help="Another machine to log into over SSH. Repeatable.",
        ),
        click.option(
            "--timeout",
            type=click.FloatRange(min=0, min_open=True),
            default=30.0,
            show_default=True,
            metavar="SECONDS",
            help="Time limit for looking at a cluster.",
        ),
        click.option("-A", "--all-namespaces", is_flag=True, help="Look at all namespaces (the default)."),
        click.option(
            "-n",
            "--namespace",
            "namespaces",
            multiple=True,
            metavar="NAME",
            callback=_namespaces,
            help="Look at this namespace only. Repeatable.",
        ),
        click.option(
            "--all-contexts",
            is_flag=True,
            help="Look at all clusters of kbdiag.yaml, or of all contexts.",
        ),
        click.option(
            "--cluster",
            "clusters",
            multiple=True,
            metavar="NAME",
            help="Look at a cluster of kbdiag.yaml, or a context. Repeatable.",
        ),
        click.option("--context", metavar="NAME", help="Kubeconfig context of the cluster."),
        click.option("--kubeconfig", metavar="FILE", help="Kubeconfig file; else KUBECONFIG or ~/.kube/config."),
    ):
        function = option(function)
    return function


def anonymize_option(function: _Function) -> _Function:
    """Add --anonymize."""
    return click.option(
        "--anonymize",
        is_flag=True,
        help="Replace names of nodes, namespaces, Pods and hosts, and addresses; the diagnosis stays the same.",
    )(function)


def profile_option(function: _Function) -> _Function:
    """Add --profile, which prints the stages that the command went through, also when it fails."""

    @functools.wraps(function)
    def run(*arguments: Any, profiled: bool, **options: Any) -> Any:
        if not profiled:
            return function(*arguments, **options)
        from kb.terminal.stage_table import stage_table  # noqa: PLC0415 - only who asks for it pays for it

        with measured() as profile:
            try:
                return function(*arguments, **options)
            finally:
                click.echo(stage_table(profile.stages), nl=False, err=True)

    return click.option(
        "--profile", "profiled", is_flag=True, help="Tell on standard error which stage took what time and memory."
    )(cast(_Function, run))
