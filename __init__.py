"""pikaraoke-enrichment: artist, title, year and genre for PiKaraoke's library, in the background."""
