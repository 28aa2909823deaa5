"""Hypothesis without a time limit an example: a loaded machine is slow, which is no failure.

Where the environment says CI, Hypothesis loads its own profile, with the same examples every time.
"""

from __future__ import annotations

from hypothesis import settings

if settings.get_current_profile_name() != "ci":
    settings.register_profile("anywhere", deadline=None)
    settings.load_profile("anywhere")
