"""The one way in for what people want: plan, preview, apply."""
