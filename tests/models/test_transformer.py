"""The Transformer: GPT-2's own logits, laws that sum to one, the loop, folders, bad input."""

import itertools

import numpy as np
import pytest
import torch
from scipy import stats

from collapse_lib import check_model, run_loop
from collapse_lib.chapters import load
from collapse_lib.chapters.language.transformer import CONDITIONS, MEASURES, encoding_of
from collapse_lib.metrics import perplexity
from collapse_lib.models.decoding import Beam, Sample
from collapse_lib.models.transformer import Transformer
from collapse_lib.models.transformer.network import Reader
from collapse_lib.policies import Accumulate, FreshReal, Replace

SMALL = {"layers": 2, "heads": 2, "width": 16, "steps": 30, "batch_size": 16, "learning_rate": 1e-2}
CUT = ("replace, temperature 0.8", "replace, top-p 0.9", "replace, 5-beam search")
MARKOV = np.array([[0.1, 0.8, 0.1], [0.1, 0.1, 0.8], [0.6, 0.2, 0.2]])


def rng(seed=0):
    return np.random.default_rng(seed)


def chain(n, rng, length=4):
    """Rows of a Markov chain on three tokens that begins with token 0."""
    rows = np.zeros((n, length), np.int64)
    for i in range(1, length):
        at = MARKOV[rows[:, i - 1]].cumsum(axis=1)
        rows[:, i] = (rng.random((n, 1)) > at).sum(axis=1).clip(max=2)
    return rows


@pytest.fixture(scope="module")
def fitted():
    return Transformer(n_tokens=3, **SMALL).fit(chain(200, rng()), rng=rng(1))


def gpt2(model):
    """transformers' GPT-2 with the weights of a fitted model."""
    from transformers import GPT2Config, GPT2LMHeadModel

    config = GPT2Config(
        vocab_size=model.n_tokens_ + 1,
        n_positions=model.length_,
        n_embd=model.width,
        n_layer=model.layers,
        n_head=model.heads,
        bos_token_id=model.n_tokens_,
        eos_token_id=None,
        pad_token_id=model.n_tokens_,
    )
    with torch.random.fork_rng(devices=[]):
        peer = GPT2LMHeadModel(config).eval()
    names = {"embedding": "wte", "positions": "wpe", "norm": "ln_f"}
    inside = {
        "norm1": "ln_1",
        "norm2": "ln_2",
        "attention.qkv": "attn.c_attn",
        "attention.out": "attn.c_proj",
        "up": "mlp.c_fc",
        "down": "mlp.c_proj",
    }
    weights = {}
    for name, weight in model.network_.state_dict().items():
        part, kind = name.rsplit(".", 1)
        if part.startswith("blocks."):
            _, i, part = part.split(".", 2)
            matrix = kind == "weight" and not part.startswith("norm")
            weights[f"h.{i}.{inside[part]}.{kind}"] = weight.T if matrix else weight
        else:
            weights[f"{names[part]}.{kind}"] = weight
    peer.transformer.load_state_dict(weights)
    return peer


@torch.no_grad()
def test_logits_are_those_of_gpt2():
    rows = rng().integers(0, 50, (8, 12))
    sizes = {"layers": 3, "heads": 4, "width": 32, "steps": 20}
    model = Transformer(n_tokens=50, **sizes, learning_rate=1e-2).fit(rows, rng=rng(1))
    read = torch.as_tensor(np.column_stack([np.full(8, 50), rows[:, :-1]]))
    ours, theirs = model.network_(read), gpt2(model)(read).logits[:, :, :50]
    assert ours.std() > 0.3
    assert (ours - theirs).abs().max() < 1e-4
    model.network_.blocks[1].up.weight[0] += 0.5
    assert (model.network_(read) - theirs).abs().max() > 1e-3  # the comparison sees one row


@torch.no_grad()
def test_cached_logits_are_those_without_a_cache(fitted):
    texts = torch.as_tensor(np.column_stack([np.full(9, 3), chain(9, rng(2))]))[:, :4]
    whole = fitted.network_(texts)
    reader = Reader(fitted.network_, 9, 4)
    steps = [reader(texts[:, :2]), reader(texts[:, 2:3]), reader(texts[:, 3:])]
    for i, logits in enumerate(steps, start=1):
        assert (logits - whole[:, i]).abs().max() < 1e-5
    reader = Reader(fitted.network_, 9, 4)
    reader(texts[:, :3])
    rows = torch.tensor([4, 4, 0, 8, 1, 2, 3, 5, 6, 7, 7])
    reader.reorder(rows)
    assert (reader(texts[rows, 3:]) - whole[rows, 3]).abs().max() < 1e-5


def every_block():
    return np.array(list(itertools.product(range(3), repeat=4)))


def test_probabilities_of_all_blocks_sum_to_one(fitted):
    blocks = every_block()
    p = np.exp(fitted.score_samples(blocks))
    assert p.sum() == pytest.approx(1, abs=1e-5)
    shorter = np.exp(fitted.score_samples(blocks[::9, :2]))  # (9,)
    assert np.allclose(shorter, p.reshape(9, 9).sum(axis=1), atol=1e-6)
    tokens = [fitted.score_samples(np.array([[token]]))[0] for token in range(3)]
    assert np.exp(tokens).sum() == pytest.approx(1, abs=1e-5)
    assert perplexity(fitted, blocks) == pytest.approx(np.exp(-np.log(p).mean() / 4))


def test_samples_follow_the_scores(fitted):
    n = 20_000
    rows = fitted.sample(n, rng=rng(3))
    counts = np.bincount(rows @ [27, 9, 3, 1], minlength=81)
    p = np.exp(fitted.score_samples(every_block()))
    often = n * p > 5
    observed = np.append(counts[often], counts[~often].sum())
    expected = np.append(n * p[often], n * p[~often].sum())
    assert stats.chisquare(observed, expected * n / expected.sum()).pvalue > 1e-4
    other = Transformer(n_tokens=3, **SMALL).fit(chain(200, rng(5)), rng=rng(6))
    q = np.exp(other.score_samples(every_block()))  # the negative control: another fit
    wrong = np.append(n * q[often], n * q[~often].sum())
    assert stats.chisquare(observed, wrong * n / wrong.sum()).pvalue < 1e-4


def test_training_finds_the_chain():
    rows = chain(400, rng())
    model = Transformer(n_tokens=3, **{**SMALL, "steps": 150}).fit(rows, rng=rng(1))
    fresh = chain(2000, rng(2))
    inner = MARKOV[fresh[:, :-1], fresh[:, 1:]]  # (n, 3)
    best = np.log(inner).sum(axis=1).mean()
    assert 0 < best - model.score_samples(fresh).mean() < 0.05
    assert model.losses_[0] > 1.0 > model.losses_[-10:].mean()
    untrained = Transformer(n_tokens=3, **{**SMALL, "steps": 1}).fit(rows, rng=rng(1))
    assert best - untrained.score_samples(fresh).mean() > 0.5


@pytest.mark.filterwarnings("ignore:ks_2samp")  # a beam's few different rows make many ties
@pytest.mark.parametrize("decoding", [Sample(), Beam(width=2)], ids=repr)
def test_it_passes_the_common_suite(decoding):
    sizes = {"layers": 1, "heads": 2, "width": 8, "steps": 3}
    check_model(Transformer(**sizes, decoding=decoding), rng().integers(0, 5, (60, 6)))


def test_torch_is_left_as_it_was():
    before = torch.get_num_threads(), torch.get_rng_state()
    torch.set_default_dtype(torch.float64)
    try:
        model = Transformer(**{**SMALL, "steps": 2, "dropout": 0.1, "threads": 2}).fit(
            chain(40, rng()), rng=rng()
        )
        model.sample(5, rng=rng())
        assert torch.get_default_dtype() == torch.float64
    finally:
        torch.set_default_dtype(torch.float32)
    assert torch.get_num_threads() == before[0]
    assert torch.equal(torch.get_rng_state(), before[1])
    assert {weight.dtype for weight in model.network_.parameters()} == {torch.float32}


def test_dropout_draws_from_rng():
    rows = chain(40, rng())
    model = Transformer(**SMALL, dropout=0.3)
    first = model.fit(rows, rng=rng(1)).score_samples(rows)
    assert np.array_equal(first, model.fit(rows, rng=rng(1)).score_samples(rows))
    assert not np.allclose(first, Transformer(**SMALL).fit(rows, rng=rng(1)).score_samples(rows))


def test_a_beam_continues_as_that_of_transformers():
    rows = rng().integers(0, 7, (20, 12))
    sizes = {**SMALL, "steps": 60, "decoding": Beam(width=5)}
    model = Transformer(n_tokens=7, **sizes).fit(rows, rng=rng(1))
    prompts = rows[:6, :4]
    ours = model.continue_prompts(prompts, 8, rng=rng())
    read = torch.as_tensor(np.column_stack([np.full(6, 7), prompts]))
    theirs = gpt2(model).generate(
        read,
        attention_mask=torch.ones_like(read),
        num_beams=5,
        do_sample=False,
        max_new_tokens=8,
        min_new_tokens=8,
        suppress_tokens=[7],
        renormalize_logits=True,
    )
    assert np.array_equal(ours, theirs[:, 5:].numpy())
    greedy = Transformer(n_tokens=7, **{**sizes, "decoding": Beam(width=1)})
    assert not np.array_equal(
        ours, greedy.fit(rows, rng=rng(1)).continue_prompts(prompts, 8, rng=rng())
    )


def test_a_beam_writes_what_follows_training_rows():
    rows = np.cumsum(np.ones((30, 8), np.int64), axis=1) + np.arange(30)[:, None]
    rows %= 10  # each row counts on from another digit
    model = Transformer(n_tokens=10, **{**SMALL, "steps": 300}, decoding=Beam(width=3))
    model.fit(rows, rng=rng(1))
    assert np.array_equal(model.continue_prompts(rows, 8, rng=rng()), (rows + 8) % 10)
    sample = model.sample(70, rng=rng(2))
    assert np.array_equal(sample, (sample[:, :1] + np.arange(8)) % 10)
    firsts = np.bincount(sample[:60, 0], minlength=10)
    assert firsts.tolist() == [6] * 10  # 30 rows twice over, without repeats in each pass


def test_the_loop_runs_on_three_policies_and_four_decodings():
    decodings = [Sample(), Sample(temperature=0.8), Sample(top_p=0.9), Beam(width=2)]
    cases = [(Replace(), each) for each in decodings]
    for policy, decoding in [*cases, (FreshReal(0.1), Sample()), (Accumulate(), Sample())]:
        model = Transformer(n_tokens=3, **{**SMALL, "steps": 3}, decoding=decoding)
        sizes = {"n_samples": 20, "n_generations": 2, "n_reference": 10}
        trajectory = run_loop(
            model,
            chain,
            policy,
            **sizes,
            seed=1,
            metrics={"perplexity": lambda g: perplexity(g.model, g.reference)},
        )
        assert np.isfinite(trajectory.column("perplexity")).all()


def test_a_warm_start_goes_on_where_the_last_fit_ended():
    sizes = {"n_samples": 200, "n_generations": 3, "seed": 1, "n_reference": 200}
    model = Transformer(n_tokens=3, **{**SMALL, "steps": 10})
    measures = {"first loss": lambda g: g.model.losses_[0]}
    cold = run_loop(model, chain, Replace(), **sizes, metrics=measures)
    warm = run_loop(model, chain, Replace(), **sizes, metrics=measures, warm_start=True)
    gain = cold.column("first loss") - warm.column("first loss")
    assert gain[0] == 0
    assert (gain[1:] > 0.2).all()
    state = warm[0].model.get_state()
    again = Transformer(n_tokens=3, **{**SMALL, "steps": 1, "learning_rate": 1e-9})
    again.set_state(state)
    again.fit(chain(20, rng()), rng=rng())
    assert np.allclose(again.get_state()["norm.weight"], state["norm.weight"], atol=1e-6)
    again.fit(chain(20, rng()), rng=rng())
    assert not np.allclose(again.get_state()["norm.weight"], state["norm.weight"], atol=1e-6)


@pytest.mark.parametrize("decoding", [Sample(top_p=0.9), Beam(width=2)], ids=repr)
def test_a_saved_model_is_the_model(tmp_path, decoding):
    rows = chain(30, rng())
    model = Transformer(**{**SMALL, "steps": 5}, decoding=decoding).fit(rows, rng=rng(1))
    model.save(tmp_path / "model")
    again = Transformer.load(tmp_path / "model")
    assert repr(again) == repr(model)
    assert np.array_equal(again.score_samples(rows), model.score_samples(rows))
    assert np.array_equal(again.sample(9, rng=rng(2)), model.sample(9, rng=rng(2)))
    assert np.array_equal(again.losses_, model.losses_)
    assert {path.name for path in (tmp_path / "model").iterdir()} == {
        "model.json",
        "weights.safetensors",
    }


def test_folders_that_hold_no_whole_model_are_told(tmp_path, fitted):
    with pytest.raises(FileNotFoundError) as missing:
        Transformer.load(tmp_path / "none")
    assert str(missing.value) == (f"Transformer.load: there is no folder {tmp_path / 'none'}.")
    again = "is cut short, damaged or not of a Transformer; save the model again."
    for name in ("weights.safetensors", "model.json"):
        folder = tmp_path / name.partition(".")[0]
        fitted.save(folder)
        whole = (folder / name).read_bytes()
        for cut in (whole[: len(whole) // 2], b"", b"\x80\x04." + whole[3:]):
            (folder / name).write_bytes(cut)
            with pytest.raises(ValueError) as damaged:
                Transformer.load(folder)
            assert str(damaged.value) == f"{folder / name} {again}"
        (folder / name).unlink()
        with pytest.raises(
            FileNotFoundError, match=f"^Transformer.load: there is no file .*{name}"
        ):
            Transformer.load(folder)


def test_weights_of_another_network_are_told(tmp_path, fitted):
    fitted.save(tmp_path)
    text = (tmp_path / "model.json").read_text()
    (tmp_path / "model.json").write_text(text.replace('"width": 16', '"width": 32'))
    with pytest.raises(ValueError) as error:
        Transformer.load(tmp_path)
    assert str(error.value) == (
        f"The model in {tmp_path} is of another network: blocks.0.attention.out.bias has shape "
        "(16,) there, and (32,) in this one."
    )
    wider = Transformer(**{**SMALL, "width": 32})
    wider.set_state(fitted.get_state())
    with pytest.raises(ValueError, match=r"^The state given to Transformer\.set_state is of anoth"):
        wider.fit(chain(10, rng()), rng=rng())


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        (
            lambda m: Transformer(n_tokens=3).fit(np.array([[0, 3], [1, -1]]), rng=rng()),
            "Transformer.fit needs whole numbers from 0 to 2; 2 of 4 are not (the first is 3). Set "
            "Transformer.n_tokens to the size of the vocabulary.",
        ),
        (
            lambda m: m.score_samples(np.array([[0.5, 1.0]])),
            "Transformer.score_samples needs whole numbers from 0 to 2; 1 of 2 are not (the first "
            "is 0.5). Set Transformer.n_tokens to the size of the vocabulary.",
        ),
        (
            lambda m: m.score_samples(np.zeros((2, 5))),
            "Transformer.score_samples: tokens of a block must be at most 4; got 5.",
        ),
        (
            lambda m: m.continue_prompts(np.zeros((2, 0)), 3, rng=rng()),
            "Transformer.continue_prompts: tokens of a block must be at least 1; got 0.",
        ),
        (
            lambda m: m.continue_prompts(np.array([[7]]), 3, rng=rng()),
            "Transformer.continue_prompts needs whole numbers from 0 to 2; 1 of 1 are not (the "
            "first is 7). Set Transformer.n_tokens to the size of the vocabulary.",
        ),
        (
            lambda m: m.continue_prompts(np.array([[1]]), 0, rng=rng()),
            "Transformer.continue_prompts: n_new must be at least 1; got 0.",
        ),
        (
            lambda m: Transformer().fit(np.zeros((3, 0)), rng=rng()),
            "Transformer.fit: tokens of a block must be at least 1; got 0.",
        ),
        (
            lambda m: Transformer().fit(np.zeros(3), rng=rng()),
            "Transformer.fit needs rows of shape (n, d); got shape (3,).",
        ),
        (
            lambda m: Transformer(width=10, heads=4).fit(chain(9, rng()), rng=rng()),
            "Transformer.width / heads must be a whole number; got 2.5.",
        ),
        (
            lambda m: Transformer(dropout=1).fit(chain(9, rng()), rng=rng()),
            "Transformer.dropout must be in [0, 1); got 1.",
        ),
        (
            lambda m: Transformer(steps=0).fit(chain(9, rng()), rng=rng()),
            "Transformer.steps must be at least 1; got 0.",
        ),
        (
            lambda m: Transformer(decoding="beam").fit(chain(9, rng()), rng=rng()),
            "Transformer.decoding must be of type Sample or Beam; got 'beam'.",
        ),
        (
            lambda m: Transformer().sample(3, rng=rng()),
            "Transformer is not fitted; call Transformer.fit first.",
        ),
    ],
)
def test_bad_input_is_told(fitted, action, sentence):
    with pytest.raises((RuntimeError, TypeError, ValueError)) as error:
        action(fitted)
    assert str(error.value) == sentence


def test_prompts_of_any_length_are_continued(fitted):
    for k in (1, 3, 4, 9):
        for n_new in (1, 3, 7):
            rows = fitted.continue_prompts(chain(5, rng(), length=k), n_new, rng=rng())
            assert rows.shape == (5, n_new)
    one = Transformer(n_tokens=3, **SMALL).fit(np.array([[0], [1]]), rng=rng())
    assert one.sample(4, rng=rng()).shape == (4, 1)
    assert one.continue_prompts(np.array([[0]]), 3, rng=rng()).shape == (1, 3)
    assert one.sample(0, rng=rng()).shape == (0, 1)


def test_what_the_stored_loop_shows_in_every_seed():
    stored = load("transformer")
    last = {
        name: {c: stored[name].values[i, :, -1] for i, c in enumerate(CONDITIONS)}
        for name in MEASURES
    }
    held_out, generated = last["held_out_perplexity"], last["generated_perplexity"]
    assert (held_out["replace"] > held_out["10 % fresh real"]).all()
    assert (held_out["10 % fresh real"] > held_out["accumulate"]).all()
    for i, condition in enumerate(CONDITIONS):
        of_real = stored["held_out_perplexity"].values[i]
        assert (of_real[:, -1] > of_real[:, 0]).all()
        if condition in CUT:
            assert (generated[condition] < generated["replace"] / 4).all()
            assert (last["distinct_2"][condition] < last["distinct_2"]["replace"] / 2).all()
            assert (np.diff(stored["types"].values[i], axis=1) <= 0).all()
    shown = encoding_of(stored).decode(stored["text"].values[-1, 0, 0])
    assert "array_like" in shown
