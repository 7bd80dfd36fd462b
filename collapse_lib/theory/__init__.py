"""Closed forms of model collapse, each with its formula, its assumptions and its source.

    drift, fixation, survival   categories, newest samples only: Wright-Fisher drift (CF1-CF8)
    kept                        categories, when earlier or real rows are kept (CF9-CF11)
    gaussian                    one Gaussian, newest samples only (CF12-CF17)
    covariance                  normals in d dimensions, components of a mixture
    gaussian_kept               one Gaussian, when earlier or real rows are kept (CF18-CF20)
    gaussian_fresh              one Gaussian with new real rows, weighting, luck (CF21-CF23)
    regression, divergence      regression on its own labels (CF24), Kullback-Leibler (CF28)
    temperature, photocopy      biased sampling without noise (CF35), blur
    ppca                        a linear VAE whose decoder means are its samples (CF40)

In all of them t counts fits: generation 1 is fitted to n_samples real rows drawn from the truth, so
after generation t there have been t resampling steps. Where t counts something else the docstring
says so. CF numbers are those of the project's list of closed forms.
"""

from collapse_lib.theory.covariance import (
    log_spread_given_counts,
    log_spread_slope,
    log_spread_slope_first_order,
    log_spread_variance,
)
from collapse_lib.theory.divergence import kl_accumulate, kl_replace
from collapse_lib.theory.drift import (
    heterozygosity,
    heterozygosity_with_sizes,
    inbreeding,
    missed_probability,
    uncollapsed_bounds,
)
from collapse_lib.theory.fixation import (
    absent_probability,
    fixation_probability,
    fixation_time,
    fixation_time_diffusion,
    uncollapsed_probability,
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
from collapse_lib.theory.regression import regression_risk_accumulate, regression_risk_replace
from collapse_lib.theory.survival import (
    expected_survivors,
    survival_exponents,
    survival_probability,
)
from collapse_lib.theory.temperature import closed_loop_probabilities, tempered_fixed_point

__all__ = [
    "FreshFixedPoint",
    "Moments",
    "absent_probability",
    "accumulate_heterozygosity",
    "accumulate_limit",
    "accumulate_mean_drift",
    "accumulate_variance",
    "beats_first_probability",
    "biased_accumulate_variance",
    "c4",
    "closed_loop_probabilities",
    "compose_inbreeding",
    "effective_sample_size_limit",
    "expected_survivors",
    "fixation_probability",
    "fixation_time",
    "fixation_time_diffusion",
    "fresh_fixed_point",
    "fresh_inbreeding",
    "fresh_inbreeding_fixed_share",
    "fresh_moments",
    "golden_weight",
    "heterozygosity",
    "heterozygosity_with_sizes",
    "inbreeding",
    "kl_accumulate",
    "kl_replace",
    "log_det_mean",
    "log_spread_given_counts",
    "log_spread_slope",
    "log_spread_slope_first_order",
    "log_spread_variance",
    "log_variance_mean",
    "log_variance_variance",
    "mean_drift",
    "missed_probability",
    "photocopy_amplitude",
    "photocopy_variance",
    "pooled_inbreeding",
    "pooled_moments",
    "ppca_eigenvalues",
    "regression_risk_accumulate",
    "regression_risk_replace",
    "reused_inbreeding",
    "reused_moments",
    "sample_variance",
    "std_mean",
    "std_tail_bound",
    "subsample_mean_error",
    "survival_exponents",
    "survival_probability",
    "tempered_fixed_point",
    "uncollapsed_bounds",
    "uncollapsed_probability",
    "variance_mean",
    "wasserstein_risk",
    "weighted_mean_error",
]
