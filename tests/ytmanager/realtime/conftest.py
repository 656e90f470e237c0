"""A publisher that ends with its test, and transactions that stay open."""

import threading
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from ytmanager.realtime import publish


@pytest.fixture(autouse=True)
def publisher_ends():
    """Stop the thread, so that no test hears the messages of another."""
    yield
    publish.close_publisher()


@pytest.fixture
def person(db):
    """A superuser: may hear everything."""
    return User.objects.create_superuser("ada", password="a-long-password")


@pytest.fixture
def open_transaction():
    """Run a function in another connection's transaction that ends with the block."""

    @contextmanager
    def opened(work):
        done, end = threading.Event(), threading.Event()

        def run():
            try:
                with transaction.atomic():
                    work()
                    done.set()
                    end.wait(10)
            finally:
                done.set()
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        done.wait(10)
        try:
            yield
        finally:
            end.set()
            thread.join()

    return opened
