"""What a good plugin is, as rules that run: ``chandelier plugins check``."""
