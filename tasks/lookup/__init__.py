"""One song's look-up: who is asked what next, answers kept, and what becomes of them."""
