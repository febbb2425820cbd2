"""What made the tables what they are, in order."""
