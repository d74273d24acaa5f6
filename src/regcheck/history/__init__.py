"""How far a fleet was, commit by commit: its progress over revisions."""
