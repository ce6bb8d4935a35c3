# Makes HTML export write dolab's report. Set-up copies this file into the environment's etc/jupyter, once as
# jupyter_server_config.py (JupyterLab's menu) and once as jupyter_nbconvert_config.py (the jupyter nbconvert command).
# The environment is .venv in the project's root, so the project is found from wherever it has been moved to.
import sys
from pathlib import Path

sys.path.insert(0, str(Path(sys.prefix).parent / "src" / "report" / "nbconvert"))

from dolab_report import configure  # noqa: E402

configure(get_config())  # noqa: F821
