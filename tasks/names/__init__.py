"""What `parsing` stands on: a name's characters, pieces, noise, and the ways to read them. Pure."""
