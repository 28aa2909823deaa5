"""What `matching` stands on: candidates brought together, naming, year and genre, makers. Pure."""
