"""The APIs' stand-in on the loopback: the demonstration, and what the tests talk to."""
