"""Fixtures: the report store as a bucket on a real S3 server, behind a proxy."""

import pytest
from moto.server import ThreadedMotoServer

from tests.s3_server import FaultyS3
from ytmanager import storage


@pytest.fixture(scope="session")
def s3_address():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def faulty(s3_address):
    """The proxy through which the store is reached; it fails when told to."""
    with FaultyS3(s3_address) as proxy:
        yield proxy


@pytest.fixture
def bucket(settings, faulty):
    """The store as a bucket with a prefix; emptied after each test."""
    options = {
        "bucket_name": "office",
        "location": "cms",
        "endpoint_url": faulty.url,
        "region_name": "us-east-1",
        "access_key": "key",
        "secret_key": "secret",
        "file_overwrite": False,
    }
    store = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "reports": store}
    found = storage.get_report_store()
    client = found.connection.meta.client
    client.create_bucket(Bucket="office")
    yield found
    faulty.faults.clear()
    for page in client.get_paginator("list_objects_v2").paginate(Bucket="office"):
        if keys := [{"Key": item["Key"]} for item in page.get("Contents", [])]:
            client.delete_objects(Bucket="office", Delete={"Objects": keys})
    client.delete_bucket(Bucket="office")
    client.close()
