"""Rank AUC, Otsu's threshold and percentiles by scikit-learn and numpy: stats.py SCORES.npy LABELS.npy"""

import sys

import numpy as np
import scipy
import sklearn
from sklearn.metrics import roc_auc_score

from otsu import otsu_threshold
from timed import serve_timed

scores, labels = (np.load(path) for path in sys.argv[1:3])
qs = np.arange(5, 100, 5)

serve_timed(
    {
        "auc": lambda: float(roc_auc_score(labels, scores)),
        "otsu": lambda: float(otsu_threshold(scores)),
        "percentiles": lambda: np.percentile(scores, qs).tolist(),
    },
    **{"numpy": np.__version__, "scikit-learn": sklearn.__version__, "scipy": scipy.__version__},
)
