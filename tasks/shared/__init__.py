"""What one host has verified serves all: others' lists by YouTube id, and one's own for them."""
