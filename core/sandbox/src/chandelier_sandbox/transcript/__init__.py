"""What was said, kept, written to a file and read again."""
