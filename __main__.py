"""`python -m pikaraoke_enrichment` is the command."""

from .cli import main

raise SystemExit(main())
