"""Two offices beside each other, and somebody who sees one of them."""

import pytest

from tests.security.worlds import make_world, person_with


@pytest.fixture
def ours():
    """Rows of every kind that belong to the first content owner."""
    return make_world("Ours")


@pytest.fixture
def theirs():
    """The same of another content owner."""
    return make_world("Theirs")


@pytest.fixture
def person(ours):
    """Somebody with every permission who sees what is ours only."""
    return person_with(content_owner=ours["contentowner"])
