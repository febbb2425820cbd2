"""Installing plugins beside the host: resolved first, tried in a child process, switched over at once, undone at will."""
