"""Bulk edits: what can be done to a field of many videos at once."""
