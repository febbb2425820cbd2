"""Where the parts of plugins run, each under its guard: hooks, listeners and jobs."""
