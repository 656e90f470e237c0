"""How dates are written, by locale."""
