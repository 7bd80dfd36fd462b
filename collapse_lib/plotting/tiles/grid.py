"""Rows and columns of tiles, with the labels to the left of them and above them."""

import numpy as np

from collapse_lib.plotting.drawing import canvas

WIDEST_LABEL = 200
WIDEST_HEAD = 140
SLANT = 40  # degrees, of heads that lean over the rows' labels
TILE = 18
SPACE = 2


class TileGrid:
    """Where the tiles of k rows and m columns lie below a height `top`, which the caller sets.

    Column labels that do not fit over their tiles are numbered there and listed above, or with
    `slanted` lean; of labels that are numbers, every second, fifth, tenth ... stands there instead.
    """

    def __init__(self, rows, columns, *, slanted=False):
        self.rows = [canvas.fitted(row, WIDEST_LABEL) for row in rows]
        self.left = max(canvas.text_width(label) for label in self.rows) + 8
        self.step = (canvas.WIDTH - self.left) / len(columns)
        self.heads, self.listed = list(columns), []
        fits = self._fits(self.heads) or all(map(_is_number, columns))
        self.slanted = slanted and not fits
        if self.slanted:
            reach = np.cos(np.radians(SLANT))  # of a text to the left, as a share of its length
            rooms = [(self.left + (n + 0.5) * self.step - 4) / reach for n in range(len(columns))]
            self.heads = [
                canvas.fitted(head, min(WIDEST_HEAD, room))
                for head, room in zip(self.heads, rooms, strict=True)
            ]
        elif not fits:
            self.heads = [str(number + 1) for number in range(len(columns))]
            numbers = zip(self.heads, columns, strict=True)
            self.listed = [
                canvas.fitted(f"{number}  {column}", canvas.WIDTH) for number, column in numbers
            ]
        everies = (1,) if self.slanted else (1, 2, 5, 10, 20, 50, 100)
        self.every = next(n for n in everies if self.slanted or self._fits(self.heads[::n], n))
        last = 0.0 if self.slanted else canvas.text_width(self.heads[-1])
        right = max(0.0, (last - self.step) / 2)
        self.step = (canvas.WIDTH - self.left - right) / len(columns)
        self.top = 0.0

    @property
    def above(self):
        """The height of the column labels and of their list."""
        if self.slanted:
            longest = max(map(canvas.text_width, self.heads))
            return longest * np.sin(np.radians(SLANT)) + canvas.LINE
        return (len(self.listed) + 1) * canvas.LINE

    @property
    def below(self):
        """The height of the tiles."""
        return (TILE + SPACE) * len(self.rows) + 2

    def _fits(self, labels, every=1):
        widest = max(map(canvas.text_width, labels))
        return len(labels) == 1 or widest + 4 <= self.step * every

    def place(self, line, number):
        """Left edge, top edge and width of a tile."""
        x = self.left + number * self.step
        return x + SPACE / 2, self.top + line * (TILE + SPACE), self.step - SPACE

    def write(self, page, line, number, text):
        """Write text into the middle of a tile."""
        x, y, width = self.place(line, number)
        page.write(x + width / 2, y + TILE / 2, text, align="center")

    def label(self, page):
        """Write the labels of the rows and columns, and the list if there is one."""
        first = self.top - canvas.LINE / 2 - 1
        for line, text in enumerate(self.listed):
            y = first - (len(self.listed) - line) * canvas.LINE
            page.write(0, y, text, quiet=True)
        for number, head in enumerate(self.heads):
            if number % self.every == 0:
                middle = self.left + (number + 0.5) * self.step
                if self.slanted:
                    page.write(middle, self.top - 8, head, align="right", slant=SLANT)
                else:
                    page.write(middle, first, head, align="center")
        for line, label in enumerate(self.rows):
            _, y, _ = self.place(line, 0)
            page.write(self.left - 8, y + TILE / 2, label, align="right")


def _is_number(label):
    try:
        float(label)
    except ValueError:
        return False
    return True
