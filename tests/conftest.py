"""What all tests share."""

from hypothesis import settings

# A busy machine is no failure: how long a test takes is measured in bench/.
settings.register_profile("kbdiag", deadline=None)
settings.load_profile("kbdiag")
