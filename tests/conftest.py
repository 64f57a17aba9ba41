"""What all tests share, and how processes share them."""

from typing import Any

import pytest
from hypothesis import settings

# A busy machine is no failure: how long a test takes is measured in bench/.
settings.register_profile("kbdiag", deadline=None)
settings.load_profile("kbdiag")

BEDS = ("tests/cluster/test_scheduling.py", "tests/cluster/", "tests/lab/", "tests/node/")
"""The beginnings of the names of tests that share a test bed: a cluster, machines, a node."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each test bed to one process, the largest first, and any other test to the process that is free."""
    from xdist.scheduler import LoadScopeScheduling

    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = _unit_of
    return scheduler


def _unit_of(test: str) -> str:
    """Return what is given to a process as a whole: the bed of a test, else the test alone."""
    return next((bed for bed in BEDS if test.startswith(bed)), test)
