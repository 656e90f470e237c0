"""The one way in for what YouTube says: stage facts, then merge them."""
