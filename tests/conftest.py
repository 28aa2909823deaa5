"""No test reaches a host outside this machine, nor does a process that it starts.

Hypothesis has no time limit an example: a loaded machine is slow, which is no failure. Where the
environment says CI, Hypothesis loads its own profile, with the same examples every time.
"""

from __future__ import annotations

from hypothesis import settings

from pikaraoke_enrichment.system.loopback import hold_to_loopback

hold_to_loopback()

if settings.get_current_profile_name() != "ci":
    settings.register_profile("anywhere", deadline=None)
    settings.load_profile("anywhere")
