"""The gateway: who connects, what they are told, and when."""
