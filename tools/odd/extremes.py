"""Valid arguments at the ends of what is allowed, by the names of parameters, and what a call may
say of them: finite numbers, and shares within [0, 1]."""

import re
from typing import Any

import numpy as np

from tools.odd.judge import numbers_in

__all__ = ["extreme", "fault_of"]

TINY, LARGE = 5e-324, 2**53
BELOW_1 = float(np.nextafter(1, 0))


def _counts(*ends):
    """Whole numbers in every width of integers."""
    widths = (int, float, np.int8, np.uint8, np.int16, np.int32, np.uint32, np.int64, np.uint64)
    return [kind(end) for end in ends for kind in widths if end <= _most(kind)]


def _most(kind):
    return np.iinfo(kind).max if issubclass(kind, np.integer) else LARGE


SHARES = [0, 1, 0.0, 1.0, TINY, 1e-300, 1e-16, BELOW_1, 0.5, np.float32(0.1), np.float16(0.5)]
INSIDE = [TINY, 1e-300, 1e-16, BELOW_1, 0.5, np.float32(0.1)]
POSITIVE = [TINY, 1e-300, 1e-12, 1, 1.0, 1e12, 1e150, 1e300, 1.7e308, np.float32(1e38)]
REAL = [*POSITIVE, 0, -0.0, -1.0, -1e12, -1e300, np.float32(-1e-38)]
FEW = _counts(1, 2, 3, 127)
MANY = _counts(1, 2, 3, 4, 5, 100, 127, 255, 32767, 2**31 - 1, 10**6, LARGE - 1, LARGE)
SEEDS = [0, 1, 2**31 - 1, 2**63, 2**64 - 1, np.uint8(255)]
FROM_0 = [*_counts(0), *MANY]
LAWS = [
    [1.0], [0.0, 1.0], [0.5, 0.5], [1 - 1e-12, 1e-12], [1.0, TINY], [BELOW_1, 1 - BELOW_1],
    np.full(1000, 1e-3), np.float32([0.1, 0.2, 0.7]), np.array([1, 0, 0]),
    np.r_[1 - 1e-7, [1e-9] * 100],
]  # fmt: skip

ENDS: dict[str, list[Any]] = {
    **dict.fromkeys(
        ["n_samples", "n_original", "n_real", "n_samples_generator", "n_features", "n_scored",
         "n_parameters"],
        MANY,
    ),
    **dict.fromkeys(["t", "n_synthetic", "n_fresh_rows", "n_fresh", "n_green"], FROM_0),
    **dict.fromkeys(["n_generations", "n_replicates", "n_tokens", "n_categories", "n_rows", "n",
                     "n_group", "n_records", "index", "context", "order", "k", "layers"], FEW),
    **dict.fromkeys(["seed", "key"], SEEDS),
    **dict.fromkeys(
        ["real_fraction", "hit_rate", "false_alarm_rate", "keep_correct", "keep_wrong", "p_wrong",
         "synthetic_fraction", "synthetic_share", "marked_share", "rho", "edited_share", "share",
         "h0", "sampling_bias", "tv", "unchanged", "real_share", "tail_mass", "shrinkage",
         "unchanged_share"],
        SHARES,
    ),
    **dict.fromkeys(["green_share", "quantile", "level", "tail"], INSIDE),
    **dict.fromkeys(
        ["std", "bandwidth", "blur_std", "noise_variance", "expected_count", "radius", "ratio",
         "temperature", "noise_std", "noise_std_generator", "end", "weights_norm", "reference_std",
         "noise", "penalty", "strength", "d_prime", "delta", "shift", "entropy", "prior",
         "learning_rate", "weight"],
        POSITIVE,
    ),
    **dict.fromkeys(["mean", "reference_mean", "centre", "omega", "threshold", "exponent"], REAL),
    **dict.fromkeys(["p", "q", "p0", "probabilities"], LAWS),
    "ddof": _counts(0, 1),
}  # fmt: skip
ONE_P = {"theory.absent_probability", "theory.uncollapsed_probability", "theory.fixation_time",
         "theory.fixation_probability", "theory.fixation_time_diffusion"}  # fmt: skip
SCALES = [1e-300, 1e-150, 1e-12, 1e-6, 1.0, 1e6, 1e12, 1e100]

WORKS = re.compile(r"run_loop|generations|sweep|loop\.|models\.|sources\.|watermarks\.")
"""Calls for which a number of rows is that much work."""

SHARE_NAMES = re.compile(
    r"^theory\.(?!.*(time|tokens|_z|exponent|generation|variance|drift|moments)).*"
    r"(probability|inbreeding|heterozygosity|share|power|precision|c4|auroc|golden_weight|intact|"
    r"breakdown|accuracy|effective_share|limit$)"
    r"|^metrics\.(.*(coverage|recall|precision|share|heterozygosity|total_variation|similarity"
    r"|support)|tail_coverage)|^watermarks\.detection\.(auroc|rates)"
)
NOT_SHARES = {"theory.accumulate_limit", "theory.effective_sample_size_limit",
              "theory.extrapolated_precision_mean", "metrics.gaussian_wasserstein"}  # fmt: skip


def extreme(rng: np.random.Generator, call: str, name: str, arguments: dict) -> tuple[str, Any]:
    """What is put in the place of an argument: in words, and itself; "" where nothing is."""
    valid = arguments.get(name)
    ends = SHARES if call in ONE_P and name == "p" else ENDS.get(name)
    ends = FEW if ends in (MANY, FROM_0) and WORKS.match(call) else ends
    if ends is not None and (valid is None or np.ndim(valid) <= np.ndim(ends[0])):
        value = ends[rng.integers(len(ends))]
        return f"{type(value).__name__} {_short(value)}", value
    if isinstance(valid, np.ndarray) and valid.dtype.kind == "f":
        return _rows(rng, valid)
    if isinstance(valid, np.ndarray) and valid.dtype.kind == "i":
        kind = [np.int8, np.uint8, np.int16, np.uint64, float, np.float32][rng.integers(6)]
        return f"as {kind.__name__}", valid.astype(kind)
    return "", None


def _rows(rng, valid):
    scale = SCALES[rng.integers(len(SCALES))]
    kind = rng.integers(5)
    if kind == 0:
        return "as float32", valid.astype(np.float32)
    if kind == 1:
        return "constant", np.full_like(valid, scale)
    if kind == 2 and valid.ndim:
        return "two rows", valid[:2]
    if kind == 3 and valid.ndim:
        return "rows in pairs", np.repeat(valid[: len(valid) // 2], 2, axis=0)
    return f"times {scale:g}", valid * scale


def _short(value) -> str:
    return str(value) if np.ndim(value) == 0 else f"of {np.size(value)}"


def fault_of(call, result) -> str | None:
    """Infinity that no docstring speaks of (theory has one for all), or a share that is none."""
    arrays = list(numbers_in(result))
    said = getattr(call.function, "__doc__", None) or ""
    is_said = call.name.startswith("theory.") or re.search(r"\binf|NEVER", said, re.I)
    if not is_said and any(np.isinf(array).any() for array in arrays):
        return "not finite: infinity in what it returns"
    if SHARE_NAMES.search(call.name) and call.name not in NOT_SHARES:
        slack = 1e-9
        if any((array < -slack).any() or (array > 1 + slack).any() for array in arrays):
            return "out of range: a share outside [0, 1]"
    return None
