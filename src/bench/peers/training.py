"""A peer of a training step: the other end of training-benchmark.ts.

{"versions": true}  -> {"python": "3.11.7", ...}
{"steps": 10}       -> {"seconds": ..., "memory": ...}    of one step on average; bytes at the highest so far
"""

import math
import platform
import re
import resource
import time

from serve import serve


def serve_training(step, torch):
    def answer(request):
        if "versions" in request:
            return {"python": platform.python_version(), "torch": torch.__version__, "threads": str(torch.get_num_threads())}
        steps = request["steps"]
        started = time.perf_counter()
        for _ in range(steps):
            loss = step()
        last = float(loss)
        seconds = (time.perf_counter() - started) / steps
        if not math.isfinite(last):
            raise ValueError(f"Cannot time a training step as its loss must stay finite: got {last}")
        return {"seconds": seconds, "memory": highest_memory()}

    serve(answer)


def highest_memory():
    try:
        with open("/proc/self/status") as status:
            return int(re.search(r"^VmHWM:\s+(\d+) kB$", status.read(), re.M)[1]) * 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
