"""The catalogue for other systems: videos, channels, assets."""
