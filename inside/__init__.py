"""What stands inside PiKaraoke: its songs shown under the names that are known, and found so."""
