"""The machine below: terminal, threads, priority, the log. Knows nothing of songs."""
