"""The life of plugins: starting, stopping, and what happens when something in them fails."""
