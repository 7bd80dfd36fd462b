"""Whatever holds numbers, as NumPy reads it: tensors, sparse matrices, pandas columns."""

import math

import numpy as np

__all__ = ["plain"]

PLAIN_FLOATS = ("torch.float16", "torch.float32", "torch.float64")
MOST_ENTRIES = 2**28  # of a sparse matrix written out: 2 GiB of floats


def plain(whose: str, values):
    """Values that NumPy reads as they are meant: tensors off their graph and device, sparse
    matrices written out, pandas columns that may lack values as ordinary ones, with NaN for these.

    Raises TypeError for a tensor without plain numbers, and ValueError for a sparse matrix that
    would take more than 2 GiB.
    """
    if hasattr(values, "detach"):
        return _of_tensor(whose, values)
    if hasattr(values, "toarray") and hasattr(values, "nnz"):  # scipy.sparse
        if math.prod(values.shape) > MOST_ENTRIES:
            raise ValueError(
                f"{whose} must have at most {MOST_ENTRIES} entries once it is written out; this "
                f"sparse matrix has shape {values.shape}. Choose rows or columns."
            )
        return values.toarray()
    if hasattr(values, "isna") and hasattr(values, "to_numpy"):  # pandas
        return _of_columns(values)
    if isinstance(values, (list, tuple)) and values and hasattr(values[0], "detach"):
        return [_of_tensor(whose, v) if hasattr(v, "detach") else v for v in values]
    return values


def _of_tensor(whose: str, tensor) -> np.ndarray:
    try:
        held = tensor.detach()
        held = held.dequantize() if held.is_quantized else held.to_dense()
        if held.is_floating_point() and str(held.dtype) not in PLAIN_FLOATS:
            held = held.float()
        return held.resolve_conj().resolve_neg().cpu().numpy()
    except (TypeError, RuntimeError) as error:  # NotImplementedError is one
        kind = f"{tensor.dtype} on {tensor.device}"
        raise TypeError(
            f"{whose} is a tensor without plain numbers ({kind}); give them as an array."
        ) from error


def _of_columns(values):
    """Columns with a dtype of pandas' own for numbers (Int64, boolean) as one array."""
    dtypes = [values.dtype] if hasattr(values, "dtype") else [*values.dtypes]
    plain = [d if isinstance(d, np.dtype) else getattr(d, "numpy_dtype", None) for d in dtypes]
    if plain == dtypes or any(dtype is None or dtype.kind not in "biuf" for dtype in plain):
        return values
    to = float if np.any(values.isna()) else np.result_type(*plain)
    return values.to_numpy(dtype=to, na_value=np.nan)
