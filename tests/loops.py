"""How late a gevent loop is on its own account, whatever other programs do meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

# For a program that has imported gevent: `watch(note)` is a greenlet's work, which looks every
# millisecond how late it is. What the kernel kept the process's threads waiting for a processor is
# taken off: beside ten other programs that was a third of a second with nothing to do.
WATCH = """
def kept_waiting():
    import os
    delay = 0
    for thread in os.listdir("/proc/self/task") if os.path.exists("/proc/self/schedstat") else ():
        try:
            with open(f"/proc/self/task/{thread}/schedstat") as file:
                delay += int(file.read().split()[1])
        except OSError:
            pass
    return delay / 1e9

def watch(note):
    import time
    while True:
        before, waited = time.perf_counter(), kept_waiting()
        gevent.sleep(0.001)
        over = time.perf_counter() - before - 0.001
        note(max(0.0, over - max(0.0, kept_waiting() - waited)))
"""


def assert_in_time(name: str, over: Sequence[float], alone: Sequence[float]) -> None:
    """That a loop was no later with us than without, but for what nobody sees.

    Args:
        over: how late it was each time, in seconds, while something of ours was done.
        alone: the same while nothing was.
    """
    usual, usual_alone = (sorted(each)[int(0.95 * len(each))] for each in (over, alone))
    assert usual < max(0.005, 2 * usual_alone), f"{name}: {usual:.4f} s"
    assert max(over) < max(0.1, 2 * max(alone)), f"{name}: {max(over):.4f} s"
