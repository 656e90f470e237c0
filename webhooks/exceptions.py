"""What can go wrong with webhooks, in words for an administrator."""

from ytmanager.exceptions import BusinessLogicError


class TargetRefusedError(BusinessLogicError):
    """The address may not be called from here."""

    error_type = "webhook_target_refused"
    default_message = "This address cannot be called."


class EndpointStateError(BusinessLogicError):
    """The endpoint is switched off."""

    error_type = "webhook_endpoint_off"
    default_message = "This endpoint is switched off; switch it on first."
