"""Signed calls that tell other systems what happens here."""
