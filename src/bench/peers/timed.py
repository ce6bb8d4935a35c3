"""A peer of a benchmark: functions by the key of their measure, timed as timed-functions.ts times ours.

{"versions": true}  -> {"python": "3.11.7", ...}
{"repeat": 1}       -> {"seconds": {key: ...}, "results": {key: ...}}    seconds of one repetition, on average
"""

import platform
import time

from serve import serve


def serve_timed(functions, **versions):
    def answer(request):
        if "versions" in request:
            return {"python": platform.python_version(), **versions}
        repeat = request["repeat"]
        seconds, results = {}, {}
        for key, run in functions.items():
            started = time.perf_counter()
            for _ in range(repeat):
                results[key] = run()
            seconds[key] = (time.perf_counter() - started) / repeat
        return {"seconds": seconds, "results": results}

    serve(answer)
