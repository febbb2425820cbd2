"""Everything that is asked of the tables."""
