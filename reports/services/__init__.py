"""What can be done with report files."""
