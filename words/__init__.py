"""The one room where states, reasons, evidence and amounts are put into words."""
