"""What a kind is, in words and examples made from its schema."""
