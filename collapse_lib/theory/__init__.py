"""Closed forms of model collapse, each with its formula, its assumptions and its source.

    drift, fixation, survival   categories, newest samples only: Wright-Fisher drift (CF1-CF8)
    kept                        categories, when earlier or real rows are kept (CF9-CF11)
    gaussian                    one Gaussian, newest samples only (CF12-CF17)
    covariance                  normals in d dimensions, components of a mixture
    gaussian_kept               one Gaussian, when earlier or real rows are kept (CF18-CF20)
    gaussian_fresh              one Gaussian with new real rows, weighting, luck (CF21-CF23)
    fresh_risk                  what synthetic rows beside new real ones are worth (CF21)
    regression, divergence      regression on its own labels (CF24-CF27), Kullback-Leibler (CF28)
    temperature, photocopy      biased sampling without noise (CF35), blur
    verification, curation      samples that pass a verifier (CF36) or a choice by reward (CF37)
    watermark, detectability    marks in text (CF42, CF43, CF45), what any detector can do (CF44)
    detection, reparation       what a detector's errors leave; groups at fixed shares
    priors, estimators          iterated learning (CF41), the largest row, kernels (CF38, CF39)
    correction                  samples corrected, or extrapolated away from own samples
    ppca                        a linear VAE whose decoder means are its samples (CF40)

In all of them t counts fits: generation 1 is fitted to n_samples real rows drawn from the truth, so
after generation t there have been t resampling steps. Where t counts something else the docstring
says so. CF numbers are those of the project's list of closed forms.
"""

from collapse_lib.theory.correction import (
    corrected_moments,
    corrected_std_mean,
    extrapolated_precision_mean,
    extrapolated_variance,
    extrapolation_strength,
)
from collapse_lib.theory.covariance import (
    log_spread_given_counts,
    log_spread_slope,
    log_spread_slope_first_order,
    log_spread_variance,
)
from collapse_lib.theory.curation import curated_probabilities
from collapse_lib.theory.detectability import (
    Bounds,
    auroc_bound,
    chernoff_information,
    flag_precision,
    tv_normals,
    tv_products,
)
from collapse_lib.theory.detection import (
    real_share_after,
    real_share_weighted,
    weighted_effective_share,
)
from collapse_lib.theory.divergence import kl_accumulate, kl_replace
from collapse_lib.theory.drift import (
    heterozygosity,
    heterozygosity_with_sizes,
    inbreeding,
    missed_probability,
    uncollapsed_bounds,
)
from collapse_lib.theory.estimators import (
    kde_variance,
    silverman_variance_factor,
    uniform_maximum,
)
from collapse_lib.theory.fixation import (
    absent_probability,
    fixation_probability,
    fixation_time,
    fixation_time_diffusion,
    uncollapsed_probability,
)
from collapse_lib.theory.fresh_risk import (
    effective_sample_size,
    fresh_risk,
    synthetic_threshold,
)
from collapse_lib.theory.gaussian import (
    c4,
    log_det_mean,
    log_variance_mean,
    log_variance_variance,
    mean_drift,
    sample_variance,
    std_mean,
    std_tail_bound,
    variance_mean,
    wasserstein_risk,
)
from collapse_lib.theory.gaussian_fresh import (
    FreshFixedPoint,
    beats_first_probability,
    effective_sample_size_limit,
    fresh_fixed_point,
    fresh_moments,
    golden_weight,
    weighted_mean_error,
)
from collapse_lib.theory.gaussian_kept import (
    Moments,
    accumulate_mean_drift,
    accumulate_variance,
    biased_accumulate_variance,
    pooled_moments,
    reused_moments,
    subsample_mean_error,
)
from collapse_lib.theory.kept import (
    accumulate_heterozygosity,
    accumulate_limit,
    compose_inbreeding,
    fresh_inbreeding,
    fresh_inbreeding_fixed_share,
    pooled_inbreeding,
    reused_inbreeding,
)
from collapse_lib.theory.photocopy import photocopy_amplitude, photocopy_variance
from collapse_lib.theory.ppca import ppca_eigenvalues
from collapse_lib.theory.priors import iterated_learning_mean, iterated_learning_variance
from collapse_lib.theory.regression import (
    regression_risk_accumulate,
    regression_risk_downstream,
    regression_risk_overparametrised,
    regression_risk_replace,
    strong_collapse_risk,
)
from collapse_lib.theory.reparation import stratified_heterozygosity
from collapse_lib.theory.survival import (
    expected_survivors,
    survival_exponents,
    survival_probability,
)
from collapse_lib.theory.temperature import closed_loop_probabilities, tempered_fixed_point
from collapse_lib.theory.verification import (
    NormalPath,
    breakdown_point,
    kept_accuracy,
    verified_normal,
)
from collapse_lib.theory.watermark import (
    green_list_power,
    green_list_z,
    gumbel_bound,
    gumbel_mean,
    gumbel_power,
    intact_share,
    marked_green_share,
    radioactivity_tokens,
    radioactivity_z,
    tournament_mean,
)

__all__ = [
    "Bounds",
    "FreshFixedPoint",
    "Moments",
    "NormalPath",
    "absent_probability",
    "accumulate_heterozygosity",
    "accumulate_limit",
    "accumulate_mean_drift",
    "accumulate_variance",
    "auroc_bound",
    "beats_first_probability",
    "biased_accumulate_variance",
    "breakdown_point",
    "c4",
    "chernoff_information",
    "closed_loop_probabilities",
    "compose_inbreeding",
    "corrected_moments",
    "corrected_std_mean",
    "curated_probabilities",
    "effective_sample_size",
    "effective_sample_size_limit",
    "expected_survivors",
    "extrapolated_precision_mean",
    "extrapolated_variance",
    "extrapolation_strength",
    "fixation_probability",
    "fixation_time",
    "fixation_time_diffusion",
    "flag_precision",
    "fresh_fixed_point",
    "fresh_inbreeding",
    "fresh_inbreeding_fixed_share",
    "fresh_moments",
    "fresh_risk",
    "golden_weight",
    "green_list_power",
    "green_list_z",
    "gumbel_bound",
    "gumbel_mean",
    "gumbel_power",
    "heterozygosity",
    "heterozygosity_with_sizes",
    "inbreeding",
    "intact_share",
    "iterated_learning_mean",
    "iterated_learning_variance",
    "kde_variance",
    "kept_accuracy",
    "kl_accumulate",
    "kl_replace",
    "log_det_mean",
    "log_spread_given_counts",
    "log_spread_slope",
    "log_spread_slope_first_order",
    "log_spread_variance",
    "log_variance_mean",
    "log_variance_variance",
    "marked_green_share",
    "mean_drift",
    "missed_probability",
    "photocopy_amplitude",
    "photocopy_variance",
    "pooled_inbreeding",
    "pooled_moments",
    "ppca_eigenvalues",
    "radioactivity_tokens",
    "radioactivity_z",
    "real_share_after",
    "real_share_weighted",
    "regression_risk_accumulate",
    "regression_risk_downstream",
    "regression_risk_overparametrised",
    "regression_risk_replace",
    "reused_inbreeding",
    "reused_moments",
    "sample_variance",
    "silverman_variance_factor",
    "std_mean",
    "std_tail_bound",
    "stratified_heterozygosity",
    "strong_collapse_risk",
    "subsample_mean_error",
    "survival_exponents",
    "survival_probability",
    "synthetic_threshold",
    "tempered_fixed_point",
    "tournament_mean",
    "tv_normals",
    "tv_products",
    "uncollapsed_bounds",
    "uncollapsed_probability",
    "uniform_maximum",
    "variance_mean",
    "verified_normal",
    "wasserstein_risk",
    "weighted_effective_share",
    "weighted_mean_error",
]
