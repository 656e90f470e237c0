"""What the generated schema does not know by itself: names, the body of errors."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

METHODS = {"get", "post", "put", "patch", "delete"}
ERROR_BODY = {
    "type": "object",
    "description": "Every expected error has this body.",
    "required": [
        "status",
        "error_type",
        "message",
        "timestamp",
        "path",
        "method",
        "details",
        "request_id",
    ],
    "properties": {
        "status": {"type": "integer"},
        "error_type": {"type": "string", "examples": ["validation_error"]},
        "message": {"type": "string"},
        "timestamp": {"type": "string", "format": "date-time"},
        "path": {"type": "string"},
        "method": {"type": "string"},
        "details": {"type": "object", "additionalProperties": True},
        "request_id": {"type": "string"},
        "debug_info": {"type": "object", "additionalProperties": True},
    },
}
ERROR_CONTENT = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}


class ApiSchema(AutoSchema):
    """Operation ids that make a good client: resource and action."""

    def get_operation_id(self) -> str:
        """As `change_sets_apply`: names, not methods, tell operations apart."""
        action = getattr(self.view, "action", None)
        if action is None:
            return str(super().get_operation_id())
        resource = self.path.removeprefix("/api/").split("/")[0].replace("-", "_")
        return f"{resource}_{action}"


def add_error_body(result: dict[str, Any], **context: Any) -> dict[str, Any]:
    """Give every operation the error body for each refusal it can answer with."""
    result["components"]["schemas"]["Error"] = ERROR_BODY
    for operations in result["paths"].values():
        for method in METHODS & operations.keys():
            responses = operations[method]["responses"]
            responses.setdefault("4XX", {"description": "Refused."})
            for status, response in responses.items():
                if status.startswith("4"):
                    response["content"] = ERROR_CONTENT
    return result
