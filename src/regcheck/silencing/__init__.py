"""What accepts a finding for now: an exception, or the baseline of a repository in debt."""
