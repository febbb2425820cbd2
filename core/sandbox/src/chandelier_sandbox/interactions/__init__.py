"""Interactions: opened by people, answered by the bot."""
