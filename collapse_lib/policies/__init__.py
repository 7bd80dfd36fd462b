"""Policies: how the next training set is made from what exists so far.

A policy is called as policy(history, source, rng) and returns the next training set.
    history[0]      the original real rows
    history[t]      all that was published at generation t: the samples of model t and, where the
                    run says n_fresh, that many new real rows (origin 0)
    source(n, rng)  n new real rows
Generation 1 is always fitted to history[0]; policies decide from generation 2 on.

    mixing      six policies that mix real rows and samples
    wrapped     Filtered, Weighted and Resampled change the training set of another policy
    curated     Curated: of several synthetic rows the one that is liked best
    stratified  Stratified: groups at fixed shares
    detectors   what decides inside them: detectors, verifiers, weights (not policies themselves)

A wrapper keeps or weighs the training set of the policy inside it, and policies nest:
Resampled(Weighted(FreshReal(0.5), GoldenWeight())). What a wrapper refuses it tells with the
generation that was to be trained. Wrappers look at single rows, so they run on rows (run_loop),
not in the exact engine.
"""

from collapse_lib.policies.base import DataPolicy
from collapse_lib.policies.curated import Curated
from collapse_lib.policies.mixing import (
    Accumulate,
    AccumulateSubsample,
    Anchored,
    FreshReal,
    Latest,
    MixReal,
    Replace,
)
from collapse_lib.policies.stratified import Stratified
from collapse_lib.policies.wrapped import Filtered, Resampled, Weighted

__all__ = [
    "Accumulate",
    "AccumulateSubsample",
    "Anchored",
    "Curated",
    "DataPolicy",
    "Filtered",
    "FreshReal",
    "Latest",
    "MixReal",
    "Replace",
    "Resampled",
    "Stratified",
    "Weighted",
]
