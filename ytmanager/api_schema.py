"""What the generated schema does not know by itself: names, the body of errors."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from drf_spectacular.openapi import AutoSchema
from rest_framework.serializers import ChoiceField

from ytmanager.api_fields import TextField

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


def _one_of(*names: str) -> dict[str, Any]:
    return {"oneOf": [{"required": [name]} for name in names]}


# What serializers refuse besides the shape of each property.
RULES: dict[str, dict[str, Any]] = {
    "SelectionRequest": _one_of("video_ids", "filter"),
    "DecideManyRequest": _one_of("video_ids", "filter"),
    "NewChangeSetRequest": {
        "allOf": [
            _one_of("video_ids", "filter", "identifiers"),
            _one_of("values", "steps"),
        ]
    },
    "AcceptRequest": _one_of("matches", "least"),
    "ReplayRequest": _one_of("message_ids", "failed_for"),
    "ChosenMatchesRequest": {"required": ["matches"]},
    "ResolveManyRequest": {
        "oneOf": [
            {"required": ["conflicts"], "not": {"required": ["filter"]}},
            {"required": ["filter", "seen"], "not": {"required": ["conflicts"]}},
        ],
    },
    "BulkEditRequest": {
        "oneOf": [
            {
                "required": ["items"],
                "not": {"anyOf": [{"required": ["values"]}, {"required": ["filter"]}]},
            },
            {"required": ["filter", "values"], "not": {"required": ["items"]}},
        ]
    },
    "RefreshRequestRequest": {"not": {"required": ["video_ids", "filter"]}},
    "VideoReplaceRequest": {"additionalProperties": False},
    "PatchedVideoEditRequest": {"additionalProperties": False},
    "PatchedChannelEditRequest": {"additionalProperties": False},
    "VideoCreateRequest": {"additionalProperties": False},
    "VideoValuesRequest": {"additionalProperties": False, "minProperties": 1},
}
# What a first request may look like.
EXAMPLES: dict[str, dict[str, Any]] = {
    "SelectionRequest": {"filter": {"pending": "true", "label": "Blue"}},
    "NewChangeSetRequest": {
        "filter": {"label": "Blue"},
        "steps": [
            {
                "field": "title",
                "operation": "replace",
                "find": "Offical",
                "new": "Official",
            }
        ],
        "reason": "Typo",
    },
    "ResolveManyRequest": {"take": "ours", "conflicts": [7]},
    "BulkEditRequest": {
        "items": [{"video_id": "dQw4w9WgXcQ", "values": {"isrc": "USRC17607839"}}],
        "policy": "reject_failed",
    },
    "PatchedVideoEditRequest": {"title": "New title", "reason": "Typo"},
    "VideoCreateRequest": {
        "video_id": "dQw4w9WgXcQ",
        "channel_id": "UCuAXFkgsw1L7xaCfnd5JJOw",
        "title": "New title",
    },
    "EndpointEditRequest": {
        "name": "Royalties",
        "url": "https://royalties.example.com/hooks/videos",
        "event_types": ["video.changed"],
    },
    "ReplayRequest": {"failed_for": 7},
    "MailChoicesRequest": {"choices": [{"kind": "conflict", "pace": "daily"}]},
    "PrimaryAssetRequest": {"asset_id": "A123456789012345"},
    "NewTokenRequest": {"name": "Warehouse", "access": "read", "days": 90},
}


class ApiSchema(AutoSchema):
    """Operation ids that make a good client, and choices that may be empty."""

    def _map_serializer_field(
        self, field: Any, direction: Any, bypass_extensions: bool = False
    ) -> Any:
        """What is only read is not said to be blank, though its column may be.

        What is sent is: a text of blanks is an empty one.
        """
        if isinstance(field, ChoiceField) and field.read_only:
            column = _column_of(field)
            field.allow_blank = field.allow_blank or getattr(column, "blank", False)
        described = super()._map_serializer_field(  # type: ignore[no-untyped-call]
            field, direction, bypass_extensions
        )
        if isinstance(field, TextField) and field.pattern:
            described["pattern"] = field.pattern
        return described

    def get_operation_id(self) -> str:
        """As `change_sets_apply`: names, not methods, tell operations apart."""
        action = getattr(self.view, "action", None)
        if action is None:
            return str(super().get_operation_id())
        resource = self.path.removeprefix("/api/").split("/")[0].replace("-", "_")
        return f"{resource}_{action}"


def _column_of(field: Any) -> Any:
    """The column of a model that a field of a serializer shows, if it is one."""
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    try:
        return model and model._meta.get_field(field.source)
    except FieldDoesNotExist:
        return None


def add_rules(result: dict[str, Any], **context: Any) -> dict[str, Any]:
    """Say which properties exclude each other, and which objects are closed."""
    schemas = result["components"]["schemas"]
    for component in RULES.keys() & schemas.keys():
        schemas[component] |= RULES[component]
    for component, example in EXAMPLES.items():
        schemas[component]["examples"] = [example]
    for operations in result["paths"].values():
        for operation in operations.values():
            _require_body(operation, schemas)
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "query" and not parameter.get("required"):
                    parameter["allowEmptyValue"] = True  # the same as none
    loosen_anything(schemas)
    return result


def _require_body(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """A body is needed where some of its properties are."""
    body: dict[str, Any] = operation.get("requestBody", {})
    for content in body.get("content", {}).values():
        name = content["schema"].get("$ref", "").split("/")[-1]
        found = schemas.get(name, {})
        if {"required", "oneOf", "allOf", "minProperties"} & found.keys():
            body["required"] = True


def loosen_anything(schema: Any) -> None:
    """Anything at all may be null: "either of both" would refuse exactly that."""
    if isinstance(schema, list):
        for part in schema:
            loosen_anything(part)
    elif isinstance(schema, dict):
        if schema.get("oneOf") == [{}, {"type": "null"}]:
            del schema["oneOf"]
        for part in schema.values():
            loosen_anything(part)


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
