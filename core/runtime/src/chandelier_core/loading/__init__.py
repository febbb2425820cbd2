"""From plugins.toml and what is installed to plugins of which each has a verdict."""
