"""The boosters behind DCI by scikit-learn, as the published code has them: dci.py CODES.npy FACTORS.npy, both [columns, rows]"""

import sys

import numpy as np
import sklearn
from sklearn.ensemble import GradientBoostingRegressor

from timed import serve_timed

codes, factors = (np.load(path) for path in sys.argv[1:3])


def dci():
    for factor in factors:
        GradientBoostingRegressor(random_state=0).fit(codes.T, factor)
    return len(factors)


serve_timed({"dci": dci}, **{"numpy": np.__version__, "scikit-learn": sklearn.__version__})
