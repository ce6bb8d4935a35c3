"""A Jupyter client for kernel-client.ts: kernel_client.py FOLDER starts a kernel there, and answers:

{"started": true}                                               -> {"seconds": ...}   from start to first answer
{"execute": code, "interruptAfter": seconds?, "interruptOn": text?, "silent": bool?}
                                                                -> {"reply": ..., "messages": [{"type", "content"}]}
{"executeAll": [code, ...]}                                     -> {"replies": [...]}  (sent at once)
{"complete": code} {"inspect": code, "at": position} {"info": true}   -> {"reply": ...}
"""

import sys
import threading
import time

from jupyter_client.manager import start_new_kernel

from serve import serve

TIMEOUT = 60


def gather(client, identifier, on_printed=None):
    """The messages of a request. @param on_printed called with what the cell prints, as it comes"""
    messages = []
    while True:
        message = client.get_iopub_msg(timeout=TIMEOUT)
        if message["parent_header"].get("msg_id") != identifier:
            continue
        if message["msg_type"] == "status":
            if message["content"]["execution_state"] == "idle":
                return messages
            continue
        if on_printed and message["msg_type"] == "stream":
            on_printed(message["content"]["text"])
        messages.append({"type": message["msg_type"], "content": message["content"]})


def reply_to(client, identifier):
    while True:
        reply = client.get_shell_msg(timeout=TIMEOUT)
        if reply["parent_header"].get("msg_id") == identifier:
            return reply["content"]


def answer(manager, client, request):
    if "execute" in request:
        identifier = client.execute(request["execute"], silent=request.get("silent", False))
        if "interruptAfter" in request:
            threading.Timer(request["interruptAfter"], manager.interrupt_kernel).start()
        awaited = request.get("interruptOn")

        def interrupt_on(text):
            if awaited in text:
                manager.interrupt_kernel()

        messages = gather(client, identifier, interrupt_on if awaited else None)
        return {"reply": reply_to(client, identifier), "messages": messages}
    if "executeAll" in request:
        identifiers = [client.execute(code) for code in request["executeAll"]]
        return {"replies": [reply_to(client, identifier) for identifier in identifiers]}
    if "complete" in request:
        return {"reply": reply_to(client, client.complete(request["complete"]))}
    if "inspect" in request:
        return {"reply": reply_to(client, client.inspect(request["inspect"], request["at"]))}
    return {"reply": reply_to(client, client.kernel_info())}


def main():
    clock = time.perf_counter()
    manager, client = start_new_kernel(kernel_name="tslab", cwd=sys.argv[1])
    seconds = time.perf_counter() - clock
    try:
        serve(
            lambda request: {"seconds": seconds}
            if "started" in request
            else answer(manager, client, request)
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


main()
