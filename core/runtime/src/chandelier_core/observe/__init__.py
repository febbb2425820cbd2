"""What the host says of itself: logs and health."""
