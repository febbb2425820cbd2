"""What happens to the world, by subject: each change is made, told to the feed, and where Discord does, logged."""
