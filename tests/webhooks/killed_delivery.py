"""Deliver what is due for one endpoint in a process that kills itself on the way.

Arguments: the key of the endpoint, and the number of the statement, counted from
the receiver's answer on, at which the process ends by SIGKILL.
"""

import os
import signal
import sys

import django


class Countdown:
    """Counts the statements after an answer; kills the process at one of them."""

    def __init__(self, last, client):
        self.left, self.client, self.is_answered = last, client, False

    def send(self, *args, **kwargs):
        answer = self.client.send(*args, **kwargs)
        self.is_answered = True
        return answer

    def __call__(self, execute, sql, params, many, context):
        self.left -= self.is_answered
        if self.is_answered and self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


def main(pk, last):
    django.setup()
    from django.db import connection

    from webhooks.client import get_webhook_client
    from webhooks.models import WebhookEndpoint
    from webhooks.services.deliveries import deliver_due

    countdown = Countdown(last, get_webhook_client())
    with connection.execute_wrapper(countdown):
        deliver_due(endpoint=WebhookEndpoint.objects.get(pk=pk), client=countdown)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
