"""Caches of plugins: in this process, told of changes by every process, and behind it Redis where there is one."""
