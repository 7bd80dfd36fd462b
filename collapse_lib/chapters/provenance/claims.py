"""The claims of the chapter `provenance`."""

import numpy as np
from scipy import stats

from collapse_lib import theory
from collapse_lib.chapters.claims import Kind, claim
from collapse_lib.chapters.store import load
from collapse_lib.provenance import prove

KIRCHENBAUER = "Kirchenbauer et al. 2023"
FIVE_PERCENT = {"rho": 0.05, "size": 1500}


@claim(Kind.COMPUTED, "{:.0f}", source="RFC 6962")
def proof_of_a_thousand():
    return len(prove(np.arange(1000), 17).path)


@claim(Kind.PROVED, "{:.0f}", source="RFC 6962")
def proof_of_a_billion():
    return np.ceil(np.log2(1e9))


@claim(Kind.COMPUTED, "{:.2f}")
def threshold_z():
    return stats.norm.isf(1e-5)


@claim(Kind.COMPUTED, "{:.0f} %", source=KIRCHENBAUER)
def power_weak():  # the green share that the bigram writes with delta = 1
    return 100 * theory.green_list_power(0.44, 60)


@claim(Kind.COMPUTED, "{:.0f} %", source=KIRCHENBAUER)
def power_usual():  # with delta = 2
    return 100 * theory.green_list_power(0.66, 60)


@claim(Kind.PROVED, "{:.0f} %")
def intact_at_tenth():
    return 100 * theory.intact_share(0.1, 4)


@claim(Kind.PROVED, "{:.0f} %")
def intact_at_three_tenths():
    return 100 * theory.intact_share(0.3, 4)


@claim(Kind.STORED, "{:.1f}")
def student_z_at_five_percent():
    return load("radioactivity").z.sel(FIVE_PERCENT).mean()


@claim(Kind.STORED, "{:,.0f}")
def student_words_scored():
    return load("radioactivity").n_scored.sel(FIVE_PERCENT).mean()


@claim(Kind.STORED, "{:.0f} %")
def teacher_green_share():
    return 100 * _teacher()


@claim(Kind.STORED, "{:,.0f}")
def student_words_at_five_percent():
    return theory.radioactivity_tokens(0.05, _teacher())


@claim(Kind.STORED, "{:,.0f}")
def student_words_at_one_percent():
    return theory.radioactivity_tokens(0.01, _teacher())


def _teacher():
    """The teacher's green share, which the student's z at five per cent gives back."""
    fed = load("radioactivity").sel(FIVE_PERCENT)
    excess = (fed.z / np.sqrt(fed.n_scored)).mean() * np.sqrt(0.25 * 0.75) / 0.05
    return 0.25 + float(excess)


def _auroc(temperature):
    return load("detection").auroc.sel(temperature=temperature, length=64).median()


@claim(Kind.STORED, "{:.2f}", source="Mitchell et al. 2023")
def auroc_at_half():
    return _auroc(0.5)


@claim(Kind.STORED, "{:.2f}", source="Mitchell et al. 2023")
def auroc_at_one():
    return _auroc(1.0)


@claim(Kind.STORED, "{:.2f}", source="Mitchell et al. 2023")
def auroc_at_hot():
    return _auroc(1.5)


@claim(Kind.PROVED, "{:.2f}", source="Sadasivan et al. 2023")
def bound_one_word():
    return theory.auroc_bound(theory.tv_normals(0.2, 1))


@claim(Kind.PROVED, "{:.2f}", source="Sadasivan et al. 2023")
def bound_sixty_four_words():
    return theory.auroc_bound(theory.tv_normals(0.2, 64))


@claim(Kind.PROVED, "{:.0f} %", source="Bayes' rule")
def flag_at_half():
    return 100 * theory.flag_precision(0.5, 0.9, 0.05)


@claim(Kind.PROVED, "{:.0f} %", source="Bayes' rule")
def flag_at_one_percent():
    return 100 * theory.flag_precision(0.01, 0.9, 0.05)


@claim(Kind.PROVED, "{:.0f} %", source="Bayes' rule")
def passes_human():
    return 100 * theory.real_share_after(0.1, 0.9, 0.05)


@claim(Kind.PROVED, "{:.1f} %", source="Bayes' rule")
def real_share_half_adopted():
    return 100 * theory.real_share_after(0.02, 0.5 * 0.9, 0.01)


@claim(Kind.PROVED, "{:.2f}", source="Bayes' rule")
def perfect_at_half():
    return theory.real_share_after(0.02, 0.5, 0.01) / 0.02


@claim(Kind.PROVED, "{:.2f}", source="Bayes' rule")
def perfect_without_alarms():
    return theory.real_share_after(0.02, 0.5, 0) / 0.02


def _lost(adoption):
    """Per cent of the diversity lost for good where nine of ten marked rows are found."""
    real = theory.real_share_after(0.02, 0.9 * adoption, 0.01)
    return 100 * float(theory.fresh_inbreeding(100, real))


@claim(Kind.PROVED, "{:.1f} %")
def adoption_none():
    return _lost(0)


@claim(Kind.PROVED, "{:.1f} %")
def adoption_half():
    return _lost(0.5)


@claim(Kind.PROVED, "{:.0f} %")
def adoption_prevented():
    return 100 * (1 - _lost(0.5) / _lost(0))


def _rows_law(hit):
    """Per cent lost at generation 40 by the law of a loop that publishes whole rows, so that a
    hundred pass."""
    published = round(100 / (0.02 * 0.99 + 0.98 * (1 - hit)))
    real = theory.real_share_after(round(0.02 * published) / published, hit, 0.01)
    return 100 * float(theory.fresh_inbreeding(100, real, 40))


@claim(Kind.PROVED, "{:.1f} %")
def rows_law_none():
    return _rows_law(0.0)


@claim(Kind.PROVED, "{:.1f} %")
def rows_law_half():
    return _rows_law(0.45)


@claim(Kind.PROVED, "{:.1f} %")
def rows_law_most():
    return _rows_law(0.89)


@claim(Kind.PROVED, "{:.0f} %", source="Bayes' rule")
def real_share_all_adopted():
    return 100 * theory.real_share_after(0.02, 0.99, 0.01)


@claim(Kind.PROVED, "{:.1f} %", source="Bayes' rule")
def careless_unsigned():
    return 100 * theory.real_share_after(0.02, 0.8, 0.3)


@claim(Kind.PROVED, "{:.1f} %", source="Bayes' rule")
def careless_signed():
    return 100 * theory.real_share_after(0.02, 0.8, 0.1 * 0.3)
