"""The work: reading names, asking providers, judging answers, and the queue that carries it."""
