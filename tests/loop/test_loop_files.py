"""Files of a run that somebody else may have written: read when their size is known."""

import io
import json
import resource
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from sentences import says

from collapse_lib.chapters.store import load
from collapse_lib.loop.files import digest_of, read_arrays, read_json, read_pair, write_pair
from collapse_lib.models.transformer.folder import read_folder

DEEP = ['{"a":' * 10**5, "[" * 10**5]


def zeros(shape, **how):
    """An .npz of one array of zeros, deflated."""
    file = io.BytesIO()
    header = io.BytesIO()
    about = {"descr": "<f8", "fortran_order": False, "shape": shape, **how}
    np.lib.format.write_array_header_1_0(header, about)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("sample.npy", header.getvalue() + bytes(8 * 10**6))
    return file.getvalue()


def test_arrays_come_back(tmp_path):
    arrays = {
        "numbers": np.arange(6.0).reshape(2, 3),
        "none": np.zeros((0, 4), np.int32),
        "texts": np.array(["a", "bc"]),
        "one": np.array(3),
        "turned": np.asfortranarray(np.arange(6).reshape(2, 3)),
    }
    write_pair(tmp_path / "pair", arrays, {"a": 1})
    found, about = read_pair(tmp_path / "pair", "")
    assert about == {"a": 1} and found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype and np.array_equal(found[name], array)


@pytest.mark.parametrize("shape", [(10**6,), (10**12,), (10**30,), (10**6, 0, 5)])
def test_a_small_file_of_many_zeros_is_not_unpacked(tmp_path, shape):
    content = zeros(shape)
    n_bytes = 8 * int(np.prod(shape, dtype=object))
    if n_bytes:
        with says(f"The bytes of arrays in the file must be at most 100; got {n_bytes}."):
            read_arrays(content, most=100)
    (tmp_path / "a.npz").write_bytes(content)
    about = {"digest": digest_of(content + b"{}")}
    (tmp_path / "a.json").write_text(json.dumps(about))
    if n_bytes:
        with says(f"The file {tmp_path / 'a.npz'} is damaged or missing. Restore it."):
            read_pair(tmp_path / "a", "Restore it.")


def test_members_that_lie_on_one_another_count_each(tmp_path):
    write_pair(tmp_path / "a", {str(k): np.zeros(1000) for k in range(3)}, {})
    content = (tmp_path / "a.npz").read_bytes()
    assert len(read_arrays(content, most=24_000)) == 3
    with says("The bytes of arrays in the file must be at most 23999; got 24000."):
        read_arrays(content, most=23_999)


def test_memory_stays_with_the_size_of_the_file(tmp_path):
    """A file of some 20 kB that states 20 GB: a process of at most 1 GB of its own reads on."""
    (tmp_path / "a.npz").write_bytes(zeros((25 * 10**8,)))
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from collapse_lib.loop.files import read_arrays\n"
        "try: read_arrays(Path(sys.argv[1]).read_bytes(), most=10**6)\n"
        "except ValueError: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    run = [sys.executable, "-c", code, str(tmp_path / "a.npz")]
    peak = int(subprocess.run(run, capture_output=True, text=True, check=True).stdout)
    assert peak < resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + 2**19  # in kB


@pytest.mark.parametrize("content", [b"", b"PK", b"{}"])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2])
def test_members_that_are_no_arrays_are_told(tmp_path, content, method):
    with zipfile.ZipFile(tmp_path / "a.npz", "w", method) as packed:
        packed.writestr("sample.npy", content)
    packed = (tmp_path / "a.npz").read_bytes()
    (tmp_path / "a.json").write_text(json.dumps({"digest": digest_of(packed + b"{}")}))
    with says(f"The file {tmp_path / 'a.npz'} is damaged or missing. Restore it."):
        read_pair(tmp_path / "a", "Restore it.")


@pytest.mark.parametrize("text", DEEP)
def test_json_that_is_nested_too_deep_is_told(tmp_path, text):
    path = tmp_path / "run.json"
    path.write_text(text)
    with says(f"The file {path} is damaged or missing. Restore it."):
        read_json(path, "Restore it.")
    (tmp_path / "run.npz").write_bytes(b"")
    with says(
        f"The file {path} is damaged or missing. Make it again with "
        "`python -m collapse_lib.chapters store run`."
    ):
        load("run", tmp_path)
    for name in ("model.json", "weights.safetensors"):
        (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=r"is cut short, damaged or not of a Transformer"):
        read_folder(tmp_path)
