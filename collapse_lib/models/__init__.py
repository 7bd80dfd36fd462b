"""Model families, one file each. Import a model from its file:

from collapse_lib.models.gaussian import Gaussian
"""
