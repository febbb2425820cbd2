"""The sandbox in a terminal."""
