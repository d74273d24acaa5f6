"""Two revisions of a fleet compared: what a change means."""
