"""ImageJudge: a classifier trained on real images, which reads the images of later generations."""

import math
from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import check_count, check_number, check_rows
from collapse_lib.metrics import entropy, frechet_distance
from collapse_lib.metrics._pairs import varies
from collapse_lib.models.base import Learned, check_fields, check_indices, check_row_shape

__all__ = ["ImageJudge"]

FEATURES = 64
BLOCK = 1000  # images read at a time


@dataclass
class ImageJudge:
    """A small convolutional classifier of images, in PyTorch on one thread, fitted with Adam.

    Images: (n, h, w) or flat and square (n, h * h), both sides at least 4, in any unit: they are
    scaled by the mean and the standard deviation of the pixels that it was fitted to. All images
    must come in the unit of those.

    epochs, batch_size, learning_rate: of Adam.
    n_classes: K, the number of classes, so that one without an image is noticed.

    Learned: classes_ (K,) = 0 .. K-1, real_shares_ (K,) of the labels, network_.
    """

    epochs: int = 10
    batch_size: int = 64
    learning_rate: float = 2e-3
    n_classes: int = 10
    network_ = _shape = Learned()

    def fit(self, rows, labels, *, rng):
        """rows: real images; labels (n,): whole numbers 0 .. K-1, of each class at least one.

        Raises ValueError or TypeError with one sentence where they, or a field, are something else,
        or where the learning rate is so large that nothing finite is learned.
        """
        import torch

        from collapse_lib.models import torch_tools as tools

        check_fields(self, check_count, "epochs", "batch_size", least=1)
        check_fields(self, check_count, "n_classes", least=2)
        check_fields(self, check_number, "learning_rate", above=0)
        images = _images("ImageJudge.fit", rows)
        labels = _labels("ImageJudge.fit", labels, len(images), self.n_classes)
        counts = np.bincount(labels, minlength=self.n_classes)
        if not counts.all():
            raise ValueError(
                f"ImageJudge.fit needs images of every class from 0 to {self.n_classes - 1}; class "
                f"{counts.argmin()} has none. Give images of each, or set n_classes."
            )
        self.classes_ = np.arange(len(counts))
        self.real_shares_ = counts / counts.sum()
        self._shape = images.shape[1:]
        self._mean = float(images.mean())
        self._std = float(images.std()) if varies(images.reshape(-1, 1)).any() else 1.0
        generator = tools.torch_generator(rng)
        network = _network(self._shape, len(counts), generator)
        optimiser = torch.optim.Adam(network.parameters(), self.learning_rate, fused=True)
        pixels = self._pixels(images)
        targets, loss_of = torch.from_numpy(labels), torch.nn.functional.cross_entropy
        with tools.threads(1):
            for _ in range(self.epochs):
                order = torch.randperm(len(pixels), generator=generator)
                for chosen in order.split(self.batch_size):
                    tools.descend(optimiser, loss_of(network(pixels[chosen]), targets[chosen]))
            with torch.inference_mode():  # the loss that a step is taken by is the one before it
                loss = loss_of(network(pixels[chosen]), targets[chosen])
        tools.check_loss(self, loss.item(), "after the last epoch")
        self.network_ = network.eval().requires_grad_(False)
        return self

    def predict(self, rows) -> np.ndarray:
        """(n,) the likeliest class of each image."""
        return self.probabilities(rows).argmax(axis=1)

    def probabilities(self, rows) -> np.ndarray:
        """(n, K) probability of each class."""
        scores = self._read(rows)
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return scores / scores.sum(axis=1, keepdims=True)

    def features(self, rows) -> np.ndarray:
        """(n, 64) what the last hidden layer makes of each image."""
        return self._read(rows, -1)

    def accuracy(self, rows, labels) -> float:
        """Share of images read as their label (n,); to be taken on images kept out of the fit."""
        read = self.predict(rows)
        return float(np.mean(read == _labels("ImageJudge.accuracy", labels, len(read))))

    def class_shares(self, rows) -> np.ndarray:
        """(K,) share of the images read as each class."""
        return np.bincount(self.predict(rows), minlength=len(self.classes_)) / len(rows)

    def class_entropy(self, rows) -> float:
        """Shannon entropy of those shares in nats; log K when all classes are equally frequent."""
        return entropy(self.class_shares(rows))

    def class_recall(self, rows) -> np.ndarray:
        """(K,) share of each class over its share among the real labels, cut at 1: 0 where a class
        is gone. It counts classes, not what is missing within one."""
        return np.minimum(self.class_shares(rows) / self.real_shares_, 1.0)

    def classifier_frechet(self, rows, reference) -> float:
        """Frechet distance of the features of two sets of images, squared (no unit).

        FID-like only: as in Heusel et al., arXiv:1706.08500, but with this classifier's features in
        place of Inception's, so that values of two judges, or of other papers, cannot be compared.
        Two samples of one law are above 0 by an amount that falls with their size.
        """
        return frechet_distance(self.features(rows), self.features(reference))

    def _read(self, rows, layers: int | None = None) -> np.ndarray:
        """What those layers of the network, or all, make of each image."""
        import torch

        from collapse_lib.models.torch_tools import threads

        images = _images("ImageJudge", rows)
        check_row_shape(self, images, self._shape)
        network = self.network_[:layers]
        with threads(1), torch.inference_mode():
            parts = [network(part) for part in self._pixels(images).split(BLOCK)]
        return torch.cat(parts).numpy().astype(float)

    def _pixels(self, images: np.ndarray):
        import torch

        return torch.from_numpy(((images - self._mean) / self._std).astype(np.float32)[:, None])


def _network(shape: tuple[int, int], n_classes: int, generator):
    """Two convolutions, each pooled to half the size, one hidden layer, one score a class."""
    from torch import nn

    from collapse_lib.models.torch_tools import drawn_weights

    def halved(a, b):  # (n, a, h, w) -> (n, b, h // 2, w // 2)
        return nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)

    def make():
        d = 32 * (shape[0] // 4) * (shape[1] // 4)
        hidden = nn.Linear(d, FEATURES), nn.ReLU(), nn.Linear(FEATURES, n_classes)
        return nn.Sequential(*halved(1, 16), *halved(16, 32), nn.Flatten(), *hidden)

    return drawn_weights(make, generator)


def _images(whose: str, rows) -> np.ndarray:
    """Images as (n, h, w) floats."""
    rows = check_rows(whose, rows)
    side = math.isqrt(rows.shape[1]) if rows.ndim == 2 else 0
    if side and side * side == rows.shape[1]:
        rows = rows.reshape(-1, side, side)
    if rows.ndim != 3 or min(rows.shape[1:]) < 4:
        raise ValueError(
            f"{whose} needs images of shape (n, h, w), or flat and square, of at least 4 x 4 "
            f"pixels; got shape {rows.shape}."
        )
    return rows


def _labels(whose: str, labels, n: int, n_classes: int | None = None) -> np.ndarray:
    """(n,) labels of 0 or more, and below n_classes where that is given."""
    if np.shape(labels) != (n,):
        got = np.shape(labels)
        raise ValueError(f"{whose} needs one label an image, shape ({n},); got {got}.")
    remedy = " Set n_classes to the number of classes."
    return check_indices(whose, check_rows(whose, labels), n_classes, remedy)
