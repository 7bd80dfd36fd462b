"""The contracts of a model and of a policy, as suites that anyone can run."""

from collapse_lib.checks.common import CheckFailed
from collapse_lib.checks.model import check_model
from collapse_lib.checks.policy import check_policy

__all__ = ["CheckFailed", "check_model", "check_policy"]
