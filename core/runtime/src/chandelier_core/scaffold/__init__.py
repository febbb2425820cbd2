"""The folder of a new plugin, shaped like the plugins that come with the bot."""
