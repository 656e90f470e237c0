"""Report files for other systems: list, upload, import, progress, rejects."""
