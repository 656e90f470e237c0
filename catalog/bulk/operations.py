"""What a bulk edit can do to a field: one declaration each; pure.

An operation names the inputs that a person fills in and what makes SQL of them.
"""

from catalog import fields
from catalog.bulk import results, texts
from catalog.bulk.sources import CHANNEL_SOURCES, VIDEO_ID, is_source
from catalog.bulk.steps import Input, Kind, Operation
from catalog.fields import Shape

_TEXT, _LIST, _FLAG = ({Shape.TEXT}, {Shape.LIST}, {Shape.FLAG})
_PERSON = {Shape.PERSON}
_ITEMS = Input("items", "Items", Kind.LINES, help="One on each line.")
_SOURCES = Input(
    "source",
    "Copy from",
    Kind.CHOICE,
    choices=(
        *((n, f.label) for n, f in fields.EDITABLE.items() if is_source(n)),
        (VIDEO_ID, "video ID"),
        *((name, label) for name, (label, _) in CHANNEL_SOURCES.items()),
    ),
)
_OPERATIONS = (
    Operation(
        "set",
        "Set to",
        "Every video gets this value.",
        frozenset(_TEXT | _LIST | _FLAG),
        (Input("value", "New value", Kind.VALUE),),
        results.set_value,
    ),
    Operation(
        "assign",
        "Assign to",
        "Every video is this person's.",
        frozenset(_PERSON),
        (Input("value", "Person", Kind.VALUE),),
        results.set_value,
    ),
    Operation(
        "clear",
        "Clear",
        "Empties the field.",
        frozenset(_TEXT | _LIST | _FLAG | _PERSON),
        (),
        results.clear,
    ),
    Operation(
        "replace",
        "Find and replace",
        "Replaces every occurrence, in each item of a list.",
        frozenset(_TEXT | _LIST),
        (
            Input("find", "Find"),
            Input("new", "Replace with", is_required=False),
            Input(
                "ignores_case",
                "Upper and lower case alike",
                Kind.FLAG,
                is_required=False,
            ),
            Input(
                "is_pattern",
                "Regular expression",
                Kind.FLAG,
                is_required=False,
                help=r"PostgreSQL's; \1 in the replacement is the first group.",
            ),
        ),
        results.replace,
    ),
    Operation(
        "append",
        "Add at the end",
        "Puts a text behind the value, or behind each item.",
        frozenset(_TEXT | _LIST),
        (Input("text", "Text"),),
        results.addition(texts.append),
    ),
    Operation(
        "prepend",
        "Add at the start",
        "Puts a text before the value, or before each item.",
        frozenset(_TEXT | _LIST),
        (Input("text", "Text"),),
        results.addition(texts.prepend),
    ),
    Operation(
        "add_items",
        "Add to the list",
        "Items that are there already are not added again.",
        frozenset(_LIST),
        (_ITEMS,),
        results.add_items,
    ),
    Operation(
        "remove_items",
        "Remove from the list",
        "Upper and lower case count as the same.",
        frozenset(_LIST),
        (_ITEMS,),
        results.remove_items,
    ),
    Operation(
        "template",
        "Make from a template",
        "For example {artist} - {title}. A video that lacks a part stays as it is.",
        frozenset(_TEXT),
        (Input("template", "Template", help="Names of fields in braces."),),
        results.fill_template,
    ),
    Operation(
        "copy",
        "Copy from",
        "Takes the value of another field or of the channel; an empty one is not "
        "taken.",
        frozenset(_TEXT | _LIST),
        (_SOURCES,),
        results.copy,
    ),
    Operation(
        "tidy",
        "Tidy blanks",
        "One blank between words, none at the ends.",
        frozenset(_TEXT | _LIST),
        (),
        results.tidy,
    ),
    Operation(
        "case",
        "Change case",
        "Of the whole value, or of each item.",
        frozenset(_TEXT | _LIST),
        (
            Input(
                "case",
                "Write it as",
                Kind.CHOICE,
                choices=tuple((n, label) for n, (label, _) in texts.CASES.items()),
            ),
        ),
        results.change_case,
    ),
    Operation(
        "split",
        "Split into several",
        "Takes apart items that hold several names. Each name is kept once.",
        frozenset(_LIST),
        (
            Input(
                "separators",
                "Split at",
                Kind.CHOICES,
                choices=tuple((n, label) for n, (label, _) in texts.SEPARATORS.items()),
            ),
        ),
        results.split,
    ),
    Operation(
        "join",
        "Join into one",
        "Makes one item of all.",
        frozenset(_LIST),
        (Input("separator", "Put between"),),
        results.join,
    ),
    Operation(
        "respell",
        "Merge spellings",
        "Gives values that are one of the spellings the chosen one. A list keeps each "
        "name once.",
        frozenset(_TEXT | _LIST),
        (
            Input("variants", "Spellings", Kind.LINES, help="One on each line."),
            Input("chosen", "Write all of them as"),
        ),
        results.respell,
    ),
)
OPERATIONS = {operation.name: operation for operation in _OPERATIONS}
