"""`python -m kb.catalogue` compiles the bundled rules into one file beside this one: what `make` and the wheel's build run."""

import sys

from facts.model.errors import RuleError
from kb.catalogue.catalogue import compile_bundled

if __name__ == "__main__":
    try:
        compile_bundled()
    except RuleError as error:
        sys.exit(str(error))
