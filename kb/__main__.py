"""`python -m kb` is `kbdiag`."""

from kb.cli import main

main()
