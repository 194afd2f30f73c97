"""Say where picture and caption stand in a cell of the grid: arithmetic in device pixels, no Qt."""

from __future__ import annotations

from dataclasses import dataclass

EVEN_FROM = 4
"""A single picture at least so many times enlarged is enlarged a whole number of times: all its
pixels are then alike, which costs little size."""


@dataclass(frozen=True)
class Box:
    """A rectangle in device pixels; right and bottom edges are outside it."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Return the first column right of the rectangle."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """Return the first line below the rectangle."""
        return self.y + self.height


@dataclass(frozen=True)
class Cell:
    """The inside of every cell, in device pixels.

    Parameters
    ----------
    width, height
        Of the whole cell.
    picture
        Where the picture stands in the cell.
    caption
        Where the caption stands in the cell; its height is 0 when there is none.
    """

    width: int
    height: int
    picture: Box
    caption: Box


def lay_out_cell(*, image_size: tuple[int, int], cell_size: int, caption_height: int) -> Cell:
    """Return the inside of a cell for images of `image_size` (height, width).

    Parameters
    ----------
    image_size
        Height and width of an image in its own pixels; at least 1 each.
    cell_size
        Room for the longer side of an image and the gap around it, in device pixels.
    caption_height
        Lines of device pixels kept under the picture; 0 for no caption.
    """
    height, width = image_size
    gap = max(1, cell_size // 8)
    longest = max(1, cell_size - gap)
    scale = longest / max(height, width)
    picture_height, picture_width = max(1, round(height * scale)), max(1, round(width * scale))
    # A tall image still gets a cell wide enough for its caption.
    cell_width = max(picture_width + gap, cell_size * 3 // 4)
    left, top = (cell_width - picture_width) // 2, gap // 2
    caption = Box(gap // 2, top + picture_height, cell_width - gap, caption_height)
    return Cell(
        width=cell_width,
        height=picture_height + gap + caption_height,
        picture=Box(left, top, picture_width, picture_height),
        caption=caption,
    )


def lay_out_single(
    *, image_size: tuple[int, int], view_size: tuple[int, int], caption_height: int
) -> Cell:
    """Return the inside of a cell that fills the view.

    Parameters
    ----------
    image_size, view_size
        Height and width of an image in its own pixels, and of the view in device pixels; at
        least 1 each.
    caption_height
        Lines of device pixels kept under the picture; 0 for no caption.
    """
    (height, width), (view_height, view_width) = image_size, view_size
    caption_height = min(caption_height, view_height - 1)
    gap = min(16, view_height // 16, view_width // 16)
    room = view_height - caption_height - 2 * gap, view_width - 2 * gap
    scale = min(room[0] / height, room[1] / width)
    scale = float(int(scale)) if scale >= EVEN_FROM else scale
    picture_height = min(max(1, round(height * scale)), view_height - caption_height)
    picture_width = min(max(1, round(width * scale)), view_width)
    left = (view_width - picture_width) // 2
    top = (view_height - caption_height - picture_height) // 2
    # A caption as wide as the picture, but never too narrow for its words.
    caption_width = min(view_width, max(picture_width, view_width // 2))
    caption_left = (view_width - caption_width) // 2
    return Cell(
        width=view_width,
        height=view_height,
        picture=Box(left, top, picture_width, picture_height),
        caption=Box(caption_left, top + picture_height, caption_width, caption_height),
    )
