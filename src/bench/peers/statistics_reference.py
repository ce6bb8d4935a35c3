"""References of the statistics, by numpy, scipy and scikit-learn.

{"reference": name, "cases": [{"columns": [floats], "ours": floats}]}
    -> {"answers": [{"values": floats, "scale": number} | {"refused": why}]}

Floats are base64 of float64. Errors are divided by the scale. Where dolab documents NaN, or a refusal, for what a library
answers otherwise (a constant sample, a single pair), the reference says so here.
"""

import base64
import math
import warnings

import numpy as np
from scipy import special, stats
from sklearn import metrics

from otsu import otsu_threshold
from serve import serve


def roc_auc_score(ours, scores, labels):
    return metrics.roc_auc_score(labels, scores)


def mann_whitney(ours, scores, labels):
    positives, negatives = scores[labels == 1], scores[labels == 0]
    u = stats.mannwhitneyu(positives, negatives, method="asymptotic").statistic
    return u / (len(positives) * len(negatives))


def percentiles(ours, values, qs):
    return np.percentile(values, qs)


def median(ours, values):
    return np.median(values)


def histogram(ours, values, bins):
    counts, edges = np.histogram(values, bins=int(bins[0]))
    return np.concatenate([counts.astype(float), edges])


def otsu(ours, values, bins):
    if is_constant(values):
        raise ValueError("constant values have no threshold")
    return otsu_threshold(values, int(bins[0]))


def otsu_exact(ours, values, bins):
    """The threshold itself if the variance between classes, in integers, is the greatest at its bin to 1e-12; else the
    threshold where it is. Bin centres are equidistant, so that their numbers stand for them."""
    if is_constant(values):
        raise ValueError("constant values have no threshold")
    counts, edges = np.histogram(values, bins=int(bins[0]))
    centres = 0.5 * (edges[:-1] + edges[1:])
    total, moments = len(values), int(np.dot(counts, np.arange(len(counts))))
    best, at, share, moment = (0, 1), 0, 0, 0
    variances = []
    for bin, count in enumerate(counts.tolist()):
        share, moment = share + count, moment + count * bin
        variance = ((moments * share - moment * total) ** 2, max(share * (total - share), 1))
        variances.append(variance)
        if variance[0] * best[1] > best[0] * variance[1]:
            best, at = variance, bin
    [chosen] = np.flatnonzero(centres == ours[0]) if len(ours) else [at]
    top, bottom = variances[chosen][0] * best[1], variances[chosen][1] * best[0]
    return ours[0] if len(ours) and (bottom - top) * 10**12 <= bottom else centres[at]


def ranks(ours, values):
    return stats.rankdata(values)


def spearman(ours, x, y):
    return np.nan if is_constant(x) or is_constant(y) else stats.spearmanr(x, y).statistic


def pearson(ours, x, y):
    return np.nan if is_constant(x) or is_constant(y) else np.corrcoef(x, y)[0, 1]


def r_squared(ours, truth, predictions):
    if is_constant(truth):
        return np.nan
    value = metrics.r2_score(truth, predictions)
    return value, max(1, abs(value))


def mean(ours, values):
    return math.fsum(values) / len(values), np.mean(np.abs(values)) or 1


def deviations(ours, values):
    value = np.std(values)
    return [value, np.std(values, ddof=1) if len(values) > 1 else np.nan], value or 1


def normal_quantile(ours, qs):
    """ndtri of the nearer tail, in which q plus or minus one half is exact."""
    return np.where(qs < 0, special.ndtri(0.5 + qs), -special.ndtri(0.5 - qs)), 1


def is_constant(values):
    return np.all(values == values[0])


references = {
    function.__name__: function
    for function in (
        *(roc_auc_score, mann_whitney, percentiles, median, histogram, otsu, otsu_exact, ranks, spearman),
        *(pearson, r_squared, mean, deviations, normal_quantile),
    )
}


def floats(text):
    return np.frombuffer(base64.b64decode(text))


def answer_case(function, case):
    try:
        result = function(floats(case["ours"]), *map(floats, case["columns"]))
    except ValueError as error:
        return {"refused": str(error)}
    values, scale = result if isinstance(result, tuple) else (result, 1)
    return {"values": base64.b64encode(np.atleast_1d(np.asarray(values, float))).decode(), "scale": float(scale)}


def answer(request):
    function = references[request["reference"]]
    return {"answers": [answer_case(function, case) for case in request["cases"]]}


warnings.simplefilter("ignore")  # of constant samples and overflows: the values say it
serve(answer)
