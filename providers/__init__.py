"""One file per music API; what they share is in base.py, how they reach the network in http.py."""
