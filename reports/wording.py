"""Counts in sentences: one thing and many things read differently."""


def counted(count: int, noun: str, plural: str = "") -> str:
    """Such as "1 row" or "2,000 rows"; `plural` where an s does not make it."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def verb(count: int, one: str, many: str) -> str:
    """The verb that goes with a count, such as "is" and "are"."""
    return one if count == 1 else many
