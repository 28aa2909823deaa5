"""The queue: who needs work, who lives to do it, and where Huey keeps its messages."""
