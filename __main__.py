"""`python -m pikaraoke_enrichment` is the command."""

import os
import sys

# Python looks where it was started first; what lies there is none of ours, and is not to be run.
sys.path[:] = [place for place in sys.path if place not in ("", os.getcwd())]

from .cli import main  # noqa: E402

raise SystemExit(main())
