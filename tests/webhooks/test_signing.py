import pytest

from webhooks.backoff import LONGEST_WAIT, MAX_ATTEMPTS, WAITS, wait_after
from webhooks.signing import headers_for, new_secret, sign

pytestmark = pytest.mark.unit

# The example of the Standard Webhooks specification.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = b'{"test": 2432232314}'


def test_signature_is_the_one_of_the_specification():
    signature = sign(SECRET, message_id=ID, timestamp=1614265330, body=BODY)

    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_headers_carry_one_signature_for_each_secret():
    keys = [new_secret(), new_secret()]

    headers = headers_for(keys, message_id=ID, timestamp=7, body=BODY)

    signatures = headers["webhook-signature"].split(" ")
    assert signatures == [
        sign(key, message_id=ID, timestamp=7, body=BODY) for key in keys
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"message_id": "msg_other"},
        {"timestamp": 8},
        {"body": b"{}"},
    ],
)
def test_signature_covers_id_time_and_body(other):
    facts = {"message_id": ID, "timestamp": 7, "body": BODY}

    assert sign(SECRET, **facts) != sign(SECRET, **facts | other)


def test_secrets_differ():
    assert len({new_secret() for _ in range(100)}) == 100


def test_waits_grow_until_the_last_attempt():
    waits = [wait_after(count, asked=None) for count in range(1, MAX_ATTEMPTS)]

    assert waits == sorted(waits)
    assert all(0.89 < w / plan < 1.11 for w, plan in zip(waits, WAITS, strict=True))
    assert wait_after(MAX_ATTEMPTS, asked=None) is None


def test_endpoint_may_ask_for_more_time_up_to_a_day():
    assert wait_after(1, asked=WAITS[3]) == WAITS[3]
    assert wait_after(1, asked=LONGEST_WAIT * 9) == LONGEST_WAIT
    assert wait_after(5, asked=WAITS[0]) > WAITS[3]
