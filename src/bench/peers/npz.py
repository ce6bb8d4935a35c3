"""numpy's .npz files: npz.py LARGE.npy SMALL.npy FOLDER"""

import os
import sys

import numpy as np

from timed import serve_timed

large, small = (np.load(path) for path in sys.argv[1:3])
plain, packed = (os.path.join(sys.argv[3], name) for name in ("numpy-plain.npz", "numpy-packed.npz"))


def write():
    np.savez(plain, x=large)
    return os.path.getsize(plain)


def deflate():
    np.savez_compressed(packed, x=small)
    return small.size


def read(path):
    with np.load(path) as arrays:
        x = arrays["x"].ravel()
    return [x.size, float(x[0]), float(x[x.size // 2]), float(x[-1])]


serve_timed(
    {"write": write, "read": lambda: read(plain), "deflate": deflate, "inflate": lambda: read(packed)},
    numpy=np.__version__,
)
