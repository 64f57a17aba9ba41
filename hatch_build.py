"""Part of the build: the bundled rules are compiled into one file, which the wheel carries."""

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledRules(BuildHookInterface[Any]):
    """Writes `kb/catalogue/rules.msgpack` and `automaton.msgpack` before files are gathered; a mistake in a rule ends the build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatch's signature
        """Compile the rules of the source tree."""
        sys.path.insert(0, self.root)
        from kb.catalogue.catalogue import compile_bundled  # noqa: PLC0415 - the source tree is on the path only now

        compile_bundled()
