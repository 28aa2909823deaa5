"""The APIs' stand-in on the loopback, with a few songs: the demonstration, and what the tests talk to."""
