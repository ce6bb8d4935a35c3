"""Otsu's threshold (1979, equations 6, 7 and 18) with numpy: the centre of the first bin of greatest variance between
classes."""

import numpy as np


def otsu_threshold(values, bins=256):
    counts, edges = np.histogram(values, bins=bins)
    centres = 0.5 * (edges[:-1] + edges[1:])
    share = counts / len(values)
    omega, mu = np.cumsum(share), np.cumsum(share * centres)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (mu[-1] * omega - mu) ** 2 / (omega * (1 - omega))
    between[omega * (1 - omega) <= 0] = -np.inf
    return centres[np.argmax(between)]
