"""Inside PiKaraoke: its pages show songs, and find them, under the names that are known."""
