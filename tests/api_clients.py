"""API clients of people with chosen rights."""

from rest_framework.test import APIClient

from tests.factories.catalog import UserFactory


def client_of(*permissions, **facts):
    """Sign in a new person with these permissions and return the client."""
    client = APIClient()
    client.force_login(UserFactory(permissions=permissions, **facts))
    return client
