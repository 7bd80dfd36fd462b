"""Closed forms of model collapse, each with its formula, its assumptions and its source.

    categorical  drift        newest samples only: diversity, sizes, groups (CF1, CF6-CF8)
                 fixation     when a type is lost or takes over (CF2-CF4, CF7)
                 survival     how long a rare type lives (CF5)
                 kept         earlier or real rows are kept, fresh ones join (CF9-CF11)
                 many_rows    temperature (CF35) and choice by reward (CF37), without noise
                 priors       iterated learning (CF41)
    normal       newest       newest samples only (CF12-CF17)
                 covariance   d dimensions, components of a mixture (section 0.3)
                 kept         earlier or real rows are kept (CF18-CF20)
                 fresh        new real rows join (CF21)
                 worth        what the synthetic rows beside them are worth (CF21)
                 mean         weights of the new real rows (CF22), luck (CF23)
                 corrected    samples corrected (section 6.4), or extrapolated away from (6.5)
                 verified     samples that pass a verifier's ball
    learners     regression   on its own labels (CF24-CF26), on mixed ones (CF27)
                 divergence   Kullback-Leibler in any regular family (CF28)
                 estimators   largest row (CF38), kernels (CF39), pPCA (CF40), photocopies (9)
    text         watermark    marks in text (CF42, CF43)
                 radioactivity  what a student shows of its diet (CF45)
                 detectability  what any detector can do (CF44)
    filters                   what the errors of detectors and verifiers leave (CF36)

In all of them t counts fits: generation 1 is fitted to n_samples real rows drawn from the truth, so
after generation t there have been t resampling steps. Where t counts something else the docstring
says so. CF numbers and sections are those of the project's list of closed forms.

What grows beyond the largest float is infinite. ValueError where the terms of a law leave the
floats in both directions.

Each of the forms listed here is tested against loops. These have no caller in a chapter yet:
accumulate_heterozygosity, accumulate_mean_drift, accumulate_variance, beats_first_probability,
c4, chernoff_information, corrected_moments, extrapolated_variance,
green_list_z, gumbel_bound, gumbel_power, inbreeding, iterated_learning_variance, kde_variance,
kept_accuracy, log_det_mean, log_spread_variance, log_variance_variance, marked_green_share,
mean_drift, photocopy_amplitude, sample_variance, silverman_variance_factor, std_mean,
std_tail_bound, tv_products, uncollapsed_bounds, uncollapsed_probability.
"""

import inspect

from collapse_lib.discovery import lazily
from collapse_lib.theory._together import in_words

__getattr__, __dir__ = lazily(
    __name__, lambda value: inspect.isfunction(value) or inspect.isclass(value), in_words
)
