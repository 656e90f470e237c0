"""Backups of the database: made, listed, tried out, restored and thinned out."""
