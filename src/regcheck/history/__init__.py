"""What Git remembers of a fleet: two revisions compared, and its progress over many."""
