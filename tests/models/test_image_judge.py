"""ImageJudge: a classifier trained on real images that reads those of later generations."""

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm

from collapse_lib.metrics import frechet_distance
from collapse_lib.models.image_judge import ImageJudge
from collapse_lib.sources import labelled_digits, labelled_mnist


def rng(seed=0):
    return np.random.default_rng(seed)


def split(source):
    rows = source().rows
    order = rng().permutation(len(rows))
    real, held_out = rows[order[: len(rows) * 4 // 5]], rows[order[len(rows) * 4 // 5 :]]
    return real[:, :-1], real[:, -1], held_out[:, :-1], held_out[:, -1]


@pytest.fixture(scope="module")
def digits_judge():
    rows, labels, *held_out = split(labelled_digits)
    return ImageJudge().fit(rows, labels, rng=rng(1)), *held_out


def test_it_reads_digits_it_has_not_seen(digits_judge):
    judge, rows, labels = digits_judge
    assert judge.accuracy(rows, labels) > 0.95
    assert judge.accuracy(rows, rng(3).permutation(labels)) < 0.2
    assert np.allclose(judge.probabilities(rows).sum(axis=1), 1)
    assert np.array_equal(judge.predict(rows.reshape(-1, 8, 8)), judge.predict(rows))


def test_classes_are_counted(digits_judge):
    judge, rows, _ = digits_judge
    read = judge.predict(rows)
    shares = np.bincount(read, minlength=10) / len(read)
    assert np.allclose(judge.class_shares(rows), shares)
    assert judge.class_entropy(rows) == pytest.approx(-np.sum(shares * np.log(shares)))
    assert np.allclose(judge.class_recall(rows), np.minimum(shares / judge.real_shares_, 1))


def test_a_class_that_is_gone_has_no_recall(digits_judge):
    judge, rows, _ = digits_judge
    left = rows[judge.predict(rows) != 4]
    recall = judge.class_recall(left)
    assert recall[4] == 0 and np.delete(recall, 4).min() > 0.5
    alone = rows[judge.predict(rows) == 9]
    assert judge.class_entropy(alone) == 0 and judge.class_recall(alone).sum() == 1


def test_the_distance_grows_with_what_is_lost(digits_judge):
    judge, rows, _ = digits_judge
    half, other = rows[::2], rows[1::2]
    near = judge.classifier_frechet(half, other)
    far = judge.classifier_frechet(half[judge.predict(half) < 5], other)
    assert 0 < near < far / 4
    assert judge.classifier_frechet(half, half) == pytest.approx(0, abs=1e-6)


def test_frechet_distance_agrees_with_the_matrix_root():
    a, b = rng().normal(size=(50, 3)), 2 + rng(1).normal(size=(70, 3)) @ rng(2).normal(size=(3, 3))
    ca, cb = np.cov(a.T), np.cov(b.T)
    gap = a.mean(axis=0) - b.mean(axis=0)
    expected = gap @ gap + np.trace(ca + cb - 2 * np.real(sqrtm(ca @ cb)))
    assert frechet_distance(a, b) == pytest.approx(expected)
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a))
    assert frechet_distance(a, a + 1) == pytest.approx(3)  # a shift alone
    assert frechet_distance(a, np.ones((4, 3))) == pytest.approx(
        np.sum((a.mean(axis=0) - 1) ** 2) + np.trace(ca)
    )
    with pytest.raises(ValueError) as error:
        frechet_distance(a, b[:, :2])
    assert str(error.value) == (
        "frechet_distance needs rows of one width; got 3 and 2 values a row."
    )


def test_the_same_rng_gives_the_same_judge_whatever_the_threads(digits_judge):
    rows, labels, held_out, _ = split(labelled_digits)
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    read = []
    for n in (1, 2):
        torch.set_num_threads(n)
        judge = ImageJudge(epochs=1).fit(rows[:200], labels[:200], rng=rng(5))
        read.append(judge.features(held_out))
        assert torch.get_num_threads() == n
    torch.set_num_threads(threads)
    assert np.array_equal(*read)
    assert torch.equal(torch.get_rng_state(), state)
    other = ImageJudge(epochs=1).fit(rows[:200], labels[:200], rng=rng(6))
    assert not np.array_equal(other.features(held_out), read[0])


def test_constant_images_just_work():
    judge = ImageJudge(epochs=1, n_classes=2)
    judge.fit(np.full((6, 5, 7), 3.0), np.arange(6) % 2, rng=rng())
    assert judge.features(np.full((2, 5, 7), 3.0)).shape == (2, 64)


@pytest.mark.parametrize(
    ("rows", "labels", "sentence"),
    [
        (
            np.zeros((9, 8, 8)),
            np.arange(9),
            "ImageJudge.fit needs images of every class from 0 to 9; class 9 has none. Give images "
            "of each, or set n_classes.",
        ),
        (
            np.zeros((10, 8, 8)),
            [0, 1, 2, 3, 5, 5, 6, 7, 8, 9],
            "ImageJudge.fit needs images of every class from 0 to 9; class 4 has none. Give images "
            "of each, or set n_classes.",
        ),
        (
            np.zeros((11, 8, 8)),
            np.arange(11),
            "ImageJudge.fit needs whole numbers from 0 to 9; 1 of 11 are not (the first is 10). "
            "Set n_classes to the number of classes.",
        ),
        (
            np.zeros((2, 8, 8)),
            [0, 0.5],
            "ImageJudge.fit needs whole numbers from 0 to 9; 1 of 2 are not (the first is 0.5). "
            "Set n_classes to the number of classes.",
        ),
        (
            np.zeros((2, 8, 8)),
            [0],
            "ImageJudge.fit needs one label an image, shape (2,); got (1,).",
        ),
        (
            np.zeros((2, 65)),
            [0, 1],
            "ImageJudge.fit needs images of shape (n, h, w), or flat and square, of at least 4 x 4 "
            "pixels; got shape (2, 65).",
        ),
        (
            np.array([np.zeros((4, 4)), np.full((4, 4), np.nan)]),
            [0, 1],
            "ImageJudge.fit: 1 of 2 rows hold NaN or infinity (the first is row 1); drop or repair "
            "them.",
        ),
        (
            np.array(["a"]),
            [0],
            "ImageJudge.fit needs rows of numbers; got an array of <U1 of shape (1,).",
        ),
    ],
)
def test_what_cannot_be_fitted_is_told(rows, labels, sentence):
    with pytest.raises((TypeError, ValueError)) as error:
        ImageJudge().fit(rows, labels, rng=rng())
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("fields", "kind", "sentence"),
    [
        ({"epochs": 0}, ValueError, "ImageJudge.epochs must be at least 1; got 0."),
        ({"epochs": 2.5}, TypeError, "ImageJudge.epochs must be a whole number; got 2.5."),
        ({"batch_size": 0}, ValueError, "ImageJudge.batch_size must be at least 1; got 0."),
        ({"n_classes": 1}, ValueError, "ImageJudge.n_classes must be at least 2; got 1."),
        (
            {"learning_rate": 0},
            ValueError,
            "ImageJudge.learning_rate must be finite and above 0; got 0.",
        ),
        (
            {"learning_rate": 1e30},
            ValueError,
            "ImageJudge.learning_rate must be small enough for the loss to stay finite; with 1e+30 "
            "it was nan after the last epoch. Lower it.",
        ),
    ],
)
def test_fields_that_cannot_train_are_told(fields, kind, sentence):
    images = rng().random((130, 8, 8))
    with pytest.raises(kind) as error:
        ImageJudge(**fields).fit(images, np.arange(130) % 10, rng=rng())
    assert str(error.value) == sentence


@pytest.mark.parametrize("labels", [np.zeros((3, 1)), 5, [1, 2]])
def test_accuracy_takes_one_label_an_image(digits_judge, labels):
    judge, rows, _ = digits_judge
    with pytest.raises(ValueError) as error:
        judge.accuracy(rows[:3], labels)
    assert str(error.value) == (
        f"ImageJudge.accuracy needs one label an image, shape (3,); got {np.shape(labels)}."
    )


def test_images_of_another_shape_and_a_judge_not_fitted_are_told(digits_judge):
    with pytest.raises(ValueError) as error:
        digits_judge[0].predict(np.zeros((3, 28, 28)))
    assert str(error.value) == "ImageJudge was fitted to rows of shape (8, 8); got (28, 28)."
    with pytest.raises(RuntimeError) as failure:
        ImageJudge().predict(np.zeros((3, 8, 8)))
    assert str(failure.value) == ("ImageJudge is not fitted; call ImageJudge.fit first.")


def test_it_soon_reads_mnist_it_has_not_seen():
    rows, labels, held_out, truth = split(labelled_mnist)
    assert ImageJudge(epochs=2).fit(rows, labels, rng=rng(1)).accuracy(held_out, truth) > 0.9
