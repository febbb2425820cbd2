"""The store: Postgres, its tables by label, and the embedded server for whoever has none.

Nothing is imported here: a command that only looks at a folder should not wait for Tortoise.
"""
