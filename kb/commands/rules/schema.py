"""Print the JSON Schema of rule files, for editors."""

import json

import click

from kb.catalogue.rule_schema import rule_schema


@click.command
def command() -> None:
    """Print the JSON Schema of rule files, for editors.

    With the YAML language server, save it and begin a rule file with: # yaml-language-server:
    $schema=rule.schema.json
    """
    click.echo(json.dumps(rule_schema(), indent=2, ensure_ascii=False))
