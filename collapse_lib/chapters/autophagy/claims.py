"""The claims of the chapter `autophagy`."""

import numpy as np
from scipy.special import digamma

from collapse_lib import theory
from collapse_lib.chapters import load
from collapse_lib.chapters.autophagy.relabel import error_ratios
from collapse_lib.chapters.claims import Kind, claim

MAD = "Alemohammad et al. 2024"


def mean_divergence(t, n):
    """E KL(N(0, 1) || N(m_t, v_t)) in nats, t maximum-likelihood refits of n rows from the truth.

    Half of E ln v_t + E[(1 + m_t^2) / v_t] - 1. A refit multiplies v by C / n, C chi-square with
    n - 1 degrees, so 1 / v by n / (n - 3) on average; and adds v_t / n times a squared normal to
    m^2, so that E[m_t^2 / v_t] = (E[m_(t-1)^2 / v_(t-1)] + 1 / n) n / (n - 3).
    """
    shrink = n / (n - 3)
    inverse = shrink**t
    drift = (inverse - 1) / (shrink - 1) * shrink / n
    log = t * (digamma((n - 1) / 2) + np.log(2 / n))
    return (log + inverse + drift - 1) / 2


@claim(Kind.PROVED, "{:.1f}")
def divergence_at_half():
    return mean_divergence(50, 100)


@claim(Kind.PROVED, "{:.0f}")
def divergence_at_n():
    return mean_divergence(100, 100)


@claim(Kind.PROVED, "{:.1f} %")
def biased_at_20():
    return 100 * theory.fresh_moments(20, 0, 100, sampling_bias=0.8).variance[-1]


def of_seeds(name, measure, generation, **at):
    """The median over the seeds of a stored loop of `mad`."""
    return float(load(name)[measure].sel(generation=generation, **at).median("seed"))


def moons(measure, generation, loop, bias):
    return of_seeds("mad-moons", measure, generation, loop=loop, bias=bias, k=5)


def digits(measure, generation, bias, loop="synthetic"):
    return of_seeds("mad-digits", measure, generation, loop=loop, bias=bias, k=5)


def grid(measure, **at):
    return of_seeds("mad-grid", measure, 20, loop="synthetic", bias=0.5, **at)


@claim(Kind.STORED, "{:.2f}")
def moons_real_precision():
    return moons("precision", 0, "synthetic", 1.0)


@claim(Kind.STORED, "{:.1f} %")
def moons_recall_left():
    return 100 * moons("recall", 10, "synthetic", 0.5)


@claim(Kind.STORED, "{:.2f}")
def moons_recall_honest():
    return moons("recall", 10, "synthetic", 1.0)


@claim(Kind.STORED, "{:.2f}")
def moons_recall_kept():
    return moons("recall", 10, "accumulated", 0.5)


@claim(Kind.STORED, "{:.0f} %")
def moons_spread_least():
    spread = load("mad-moons").variance.sel(generation=10).median("seed")
    return 100 * float(spread.min())


@claim(Kind.STORED, "{:.2f}")
def grid_recall_left():
    return grid("recall", k=5)


def _grid_recall():
    """Recall of the clouds by generation, up to where it turns: the lowest while all are alive."""
    stored = load("mad-grid").sel(loop="synthetic", bias=0.5, k=5)
    alive = stored.alive.median("seed")
    return stored.recall.median("seed").where(alive == 25, drop=True)


@claim(Kind.STORED, "{:.2f}")
def grid_recall_least():
    return _grid_recall().min()


@claim(Kind.STORED, "{:.0f}")
def grid_recall_turns():
    return _grid_recall().idxmin("generation")


@claim(Kind.STORED, "{:.0f}")
def grid_clouds_left():
    return grid("alive")


@claim(Kind.STORED, "{:.2f}")
def digits_first_fit():
    return digits("precision", 1, 1.0)


@claim(Kind.STORED, "{:.2f}")
def digits_first_biased():
    return digits("precision", 1, 0.5)


@claim(Kind.STORED, "{:.2f}")
def digits_real_precision():
    return digits("precision", 0, 1.0)


@claim(Kind.STORED, "{:.2f}")
def digits_recall_biased():
    return digits("recall", 1, 0.5)


@claim(Kind.STORED, "{:.2f}")
def digits_recall_honest():
    return digits("recall", 9, 1.0)


@claim(Kind.STORED, "{:.2f}")
def digits_coverage_biased():
    return digits("coverage", 1, 0.5)


@claim(Kind.COMPUTED, "{:.0f}", source=MAD)
def worth_honest():
    return theory.effective_sample_size(100, 900)


@claim(Kind.COMPUTED, "{:.0f}", source=MAD)
def worth_halved_100():
    return theory.effective_sample_size(100, 100, 0.5)


@claim(Kind.COMPUTED, "{:.0f}", source=MAD)
def worth_halved_900():
    return theory.effective_sample_size(100, 900, 0.5)


def harmless_at_last(bias):
    """Synthetic rows that do no harm beside real rows without end; see `synthetic_threshold`."""
    return (9 - bias - 2 * bias**2) / (1 - bias) ** 2


@claim(Kind.PROVED, "{:.0f}")
def harmless_halved():
    return harmless_at_last(0.5)


@claim(Kind.PROVED, "{:.0f}")
def harmless_tenth():
    return harmless_at_last(0.9)


def left(real, n, bias):
    return 100 * theory.fresh_fixed_point(real, n - real, bias, ddof=0).variance


@claim(Kind.COMPUTED, "{:.1f} %")
def chance_one_of_hundred():
    return left(1, 100, 1.0)


@claim(Kind.COMPUTED, "{:.1f} %")
def chance_one_of_many():
    return left(1, 10_000, 1.0)


@claim(Kind.COMPUTED, "{:.0f} %")
def bias_ten_of_hundred():
    return left(10, 100, 0.8)


@claim(Kind.COMPUTED, "{:.1f} %")
def bias_ten_of_many():
    return left(10, 10_000, 0.8)


def clouds(measure, bias):
    """The median over the seeds of the diffusion loop, fully synthetic, at its last generation."""
    at = {"loop": "replace", "bias": bias, "generation": 6}
    return float(load("diffusion-loops")[measure].sel(at).median("seed"))


@claim(Kind.STORED, "{:.2f}")
def clouds_precision_honest():
    return clouds("precision", 1.0)


@claim(Kind.STORED, "{:.2f}")
def clouds_precision_biased():
    return clouds("precision", 0.6)


@claim(Kind.STORED, "{:.0f}")
def clouds_left():
    return clouds("modes", 0.6)


@claim(Kind.STORED, "{:.1f}")
def kinds_left():
    entropy = load("diffusion-digits").class_entropy.sel(bias=0.6, generation=6)
    return float(np.exp(entropy).median("seed"))


@claim(Kind.PROVED, "{:.0f} %", source="Dohmatob et al. 2024")
def weights_lost():
    return 100 * theory.regression_risk_overparametrised(5, 60, 30)


@claim(Kind.PROVED, "{:.3f}", source="Dey and Donoho 2024")
def universal_constant():
    return np.pi**2 / 6


def regression(policy):
    """(times the first error, its standard error) of the dial's linear regression at the last."""
    stored = load("dial").error.sel(family="linear regression", policy=policy)
    return [each[-1] for each in error_ratios(stored)]


@claim(Kind.STORED, "{:.2f}")
def regression_kept():
    return regression("Accumulate")[0]


@claim(Kind.STORED, "{:.2f}")
def regression_kept_error():
    return regression("Accumulate")[1]


@claim(Kind.STORED, "{:.0f}")
def regression_replaced():
    return regression("Replace")[0]


@claim(Kind.STORED, "{:.0f}")
def regression_replaced_error():
    return regression("Replace")[1]


@claim(Kind.PROVED, "{:.2f}")
def thinned_at_20():
    return theory.subsample_mean_error(20)


@claim(Kind.PROVED, "{:.2f}")
def thinned_at_last():
    return theory.subsample_mean_error(np.inf)


def patients(arm):
    ratio, _ = error_ratios(load("relabel").errors.sel(arm=arm))
    return ratio[-1]


@claim(Kind.STORED, "{:.2f}")
def patients_kept():
    return patients("Accumulate")


@claim(Kind.STORED, "{:.1f}")
def patients_thinned():
    return patients("AccumulateSubsample")


@claim(Kind.STORED, "{:.1f}")
def patients_thinned_error():
    _, error = error_ratios(load("relabel").errors.sel(arm="AccumulateSubsample"))
    return error[-1]


@claim(Kind.STORED, "{:.0f}")
def patients_replaced():
    return patients("Replace")


@claim(Kind.STORED, "{:.0f}")
def patients_median():
    errors = load("relabel").errors.sel(arm="Replace").median("replicate")
    return float(errors.sel(generation=20) / errors.sel(generation=1))
