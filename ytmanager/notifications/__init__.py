"""Telling people: the inbox, the toast on open pages, and mail."""
