"""Our tables brought up to date, and a library opened without harm."""
