"""Webhooks for other systems to set up, watch and send again."""
