"""What the catalogue can do, by noun."""
