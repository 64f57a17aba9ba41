"""Run the tests that rules carry."""

from contextlib import closing

import click

from engine.match.chaining import open_engine
from engine.match.program import compile_rules
from kb.catalogue.catalogue import VOCABULARY
from kb.catalogue.rule_set import read_rule_set
from kb.catalogue.trial import run_test
from kb.terminal.exit_status import OK, TESTS_FAILED
from kb.terminal.options import bundled_option, engine_option
from kb.terminal.visible import visible


@click.command
@click.argument("targets", nargs=-1, metavar="[PATH|ID]...")
@click.option("-v", "--verbose", is_flag=True, help="List passing tests too.")
@bundled_option
@engine_option
def command(targets: tuple[str, ...], verbose: bool, bundled: bool, engine_name: str | None) -> int:
    """Run the tests of the rules at TARGET, files, folders or ids; of all rules by default.

    All rules are at work in each test, as they are in infer. Exit status: 0 all passed; 1 some failed; 2 the
    rules have mistakes.
    """
    rule_set = read_rule_set(targets, bundled=bundled)
    for fault in rule_set.left_out:
        click.echo(f"kbdiag: left out: {visible(fault)}", err=True)
    program = compile_rules(tuple(rule_set.rules.values()), VOCABULARY)
    passed = failed = 0
    with closing(open_engine(engine_name)) as engine:
        for identity in rule_set.chosen:
            for test in rule_set.tests.get(identity, ()):
                verdict = run_test(rule_set.rules[identity], test, program, engine)
                passed += verdict.passed
                failed += not verdict.passed
                told = f"{verdict.place}: {verdict.rule}: {verdict.test}"
                if not verdict.passed:
                    click.echo(visible(f"failed  {told}: {verdict.why}"))
                elif verbose:
                    click.echo(visible(f"passed  {told}"))
    rules = f"{len(rule_set.chosen)} rule{'s' * (len(rule_set.chosen) != 1)}"
    click.echo(f"{passed} passed, {failed} failed, of {rules}")
    return TESTS_FAILED if failed else OK
