# Runs MLflow's server for as long as whoever started it lives: that one holds the other end of standard input, which the
# system closes when it ends, however it ends. Arguments are those of `mlflow server`.
import os
import signal
import subprocess
import sys
import threading

PATIENCE_SECONDS = 5

server = subprocess.Popen([sys.executable, "-m", "mlflow", "server", *sys.argv[1:]], stdin=subprocess.DEVNULL)


def watch():
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def end(*_):
    """Ends the whole process group, this process last."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    try:
        server.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    os.killpg(0, signal.SIGKILL)


signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGINT, signal.SIG_IGN)
threading.Thread(target=watch, daemon=True).start()
sys.exit(server.wait())
