"""Pages of webhooks, registered by being imported."""

from webhooks.admin import deliveries as deliveries
from webhooks.admin import endpoints as endpoints
