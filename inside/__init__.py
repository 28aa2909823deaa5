"""Inside PiKaraoke: its pages show and find songs by what is known of them, and hide what guests
are not to see; its menu counts what waits for the host."""
