"""The other end of json-lines-process.ts: one JSON request a line in, one JSON answer a line out.

Standard output carries answers only: what libraries print goes to standard error. A failing request is answered with
{"error": ...}; the program goes on.
"""

import json
import sys
import traceback


def serve(answer):
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        try:
            text = json.dumps(answer(json.loads(line)), allow_nan=False)
        except Exception:
            text = json.dumps({"error": traceback.format_exc().strip()})
        print(text, file=answers, flush=True)
