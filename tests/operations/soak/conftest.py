"""Half an hour is too long for every run: `make test-deep` has it."""

from tests.conftest import is_deep

collect_ignore = [] if is_deep() else ["test_soak.py"]
