"""What only tests and benchmarks do with the stand-in: in the checkout, not in the wheel."""
