"""Where cells stand, which are visible, and where keys lead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.ui.dataset.cells import EVEN_FROM, Box, Cell, lay_out_cell, lay_out_single
from mnist_desktop.ui.dataset.geometry import (
    LARGEST_CELL,
    SMALLEST_CELL,
    ZOOM_STEPS,
    GridGeometry,
    Step,
    zoomed,
)


def grid(
    *, count: int = 100, cell_size: int = 40, caption: int = 0, view: tuple[int, int] = (430, 200)
) -> GridGeometry:
    cell = lay_out_cell(image_size=(28, 28), cell_size=cell_size, caption_height=caption)
    return GridGeometry(count=count, cell=cell, view_width=view[0], view_height=view[1])


grids = st.builds(
    grid,
    count=st.integers(0, 900_000),
    cell_size=st.sampled_from(ZOOM_STEPS),
    caption=st.integers(0, 30),
    view=st.tuples(st.integers(1, 3000), st.integers(1, 2000)),
)


def test_picture_takes_seven_eighths_of_a_square_cell() -> None:
    cell = lay_out_cell(image_size=(28, 28), cell_size=64, caption_height=14)
    assert (cell.width, cell.height) == (64, 78)
    assert cell.picture == Box(4, 4, 56, 56)
    assert cell.caption == Box(4, 60, 56, 14)


@given(
    height=st.integers(1, 600),
    width=st.integers(1, 600),
    cell_size=st.integers(SMALLEST_CELL, 1000),
    caption=st.integers(0, 40),
)
def test_picture_and_caption_stay_inside_any_cell(
    height: int, width: int, cell_size: int, caption: int
) -> None:
    cell = lay_out_cell(image_size=(height, width), cell_size=cell_size, caption_height=caption)
    check_inside(cell)


def check_inside(cell: Cell) -> None:
    """Check that nothing stands beyond the cell or on one another."""
    for part in (cell.picture, cell.caption):
        assert part.x >= 0
        assert part.y >= 0
        assert part.right <= cell.width
        assert part.bottom <= cell.height
    assert cell.picture.bottom <= cell.caption.y
    assert cell.picture.width > 0
    assert cell.picture.height > 0


@given(
    height=st.integers(1, 3000),
    width=st.integers(1, 3000),
    view=st.tuples(st.integers(1, 2000), st.integers(1, 3000)),
    caption=st.integers(0, 40),
)
def test_single_picture_fills_the_view(
    height: int, width: int, view: tuple[int, int], caption: int
) -> None:
    cell = lay_out_single(image_size=(height, width), view_size=view, caption_height=caption)
    check_inside(cell)
    assert (cell.height, cell.width) == view
    geometry = GridGeometry(count=9, cell=cell, view_width=view[1], view_height=view[0])
    assert (geometry.columns, geometry.rows_in_view, geometry.margin) == (1, 1, 0)
    for position in range(9):
        assert list(geometry.visible_positions(geometry.box(position, 0).y)) == [position]


def test_single_picture_is_as_large_as_fits_and_even() -> None:
    cell = lay_out_single(image_size=(28, 28), view_size=(500, 900), caption_height=20)
    assert (cell.picture.width, cell.picture.height) == (28 * 16, 28 * 16)
    assert cell.picture.x == (900 - 28 * 16) // 2
    large = lay_out_single(image_size=(300, 100), view_size=(500, 900), caption_height=20)
    assert large.picture.height / 300 < EVEN_FROM
    assert large.picture.height > 440
    assert large.picture.width == round(large.picture.height / 3)


def test_proportions_of_an_image_are_kept() -> None:
    cell = lay_out_cell(image_size=(30, 60), cell_size=128, caption_height=0)
    assert cell.picture.width == 2 * cell.picture.height


def test_columns_are_centred() -> None:
    geometry = grid()
    assert (geometry.columns, geometry.rows, geometry.margin) == (10, 10, 15)
    assert geometry.box(11, scroll=0) == Box(55, 40, 40, 40)


def test_points_beside_cells_hit_nothing() -> None:
    geometry = grid(count=95)
    assert geometry.position_at(14, 5, scroll=0) is None
    assert geometry.position_at(15, 5, scroll=0) == 0
    assert geometry.position_at(414, 5, scroll=0) == 9
    assert geometry.position_at(415, 5, scroll=0) is None
    assert geometry.position_at(15 + 5 * 40, 9 * 40, scroll=0) is None
    assert geometry.nearest_position(5000, 5000, scroll=0) == 94


@given(geometry=grids, data=st.data())
def test_hit_testing_undoes_layout(geometry: GridGeometry, data: st.DataObject) -> None:
    if not geometry.count:
        assert geometry.nearest_position(3, 3, scroll=0) is None
        return
    position = data.draw(st.integers(0, geometry.count - 1))
    scroll = geometry.scroll_to_show(position, data.draw(st.integers(0, geometry.max_scroll)))
    box = geometry.box(position, scroll)
    x = data.draw(st.integers(box.x, box.right - 1))
    y = data.draw(st.integers(box.y, box.bottom - 1))
    assert geometry.position_at(x, y, scroll) == position
    assert geometry.nearest_position(x, y, scroll) == position


@given(geometry=grids, data=st.data())
def test_visible_positions_are_exactly_those_that_show(
    geometry: GridGeometry, data: st.DataObject
) -> None:
    scroll = data.draw(st.integers(0, geometry.max_scroll))
    visible = geometry.visible_positions(scroll)
    for position in (visible.start, visible.stop - 1):
        if len(visible):
            box = geometry.box(position, scroll)
            assert box.bottom > 0
            assert box.y < geometry.view_height
    if visible.start > 0:
        assert geometry.box(visible.start - 1, scroll).bottom <= 0
    if visible.stop < geometry.count:
        assert geometry.box(visible.stop, scroll).y >= geometry.view_height
    most = geometry.columns * (geometry.view_height // geometry.cell.height + 2)
    assert len(visible) <= most


@given(geometry=grids, data=st.data())
def test_cell_scrolled_to_is_in_view_and_a_visible_one_stays(
    geometry: GridGeometry, data: st.DataObject
) -> None:
    if not geometry.count:
        return
    position = data.draw(st.integers(0, geometry.count - 1))
    scroll = geometry.scroll_to_show(position, data.draw(st.integers(0, geometry.max_scroll)))
    assert 0 <= scroll <= geometry.max_scroll
    box = geometry.box(position, scroll)
    if geometry.view_height >= geometry.cell.height:
        assert box.y >= 0
        assert box.bottom <= geometry.view_height
    assert geometry.scroll_to_show(position, scroll) == scroll


@given(geometry=grids, step=st.sampled_from(Step), data=st.data())
def test_keys_never_leave_the_grid(geometry: GridGeometry, step: Step, data: st.DataObject) -> None:
    if not geometry.count:
        return
    position = data.draw(st.integers(0, geometry.count - 1))
    assert 0 <= geometry.moved(position, step) < geometry.count


@pytest.mark.parametrize(
    ("step", "start", "end"),
    [
        (Step.LEFT, 10, 9),
        (Step.LEFT, 0, 0),
        (Step.RIGHT, 94, 94),
        (Step.UP, 25, 15),
        (Step.UP, 5, 5),
        (Step.DOWN, 5, 15),
        (Step.DOWN, 87, 94),  # the last row has five cells
        (Step.DOWN, 92, 92),
        (Step.HOME, 50, 0),
        (Step.END, 50, 94),
        (Step.PAGE_DOWN, 3, 53),  # five rows of ten fit into the view
        (Step.PAGE_DOWN, 63, 93),
        (Step.PAGE_DOWN, 68, 94),
        (Step.PAGE_UP, 63, 13),
        (Step.PAGE_UP, 33, 3),
    ],
)
def test_keys_move_by_cell_row_and_page(step: Step, start: int, end: int) -> None:
    assert grid(count=95).moved(start, step) == end


def test_rectangle_touches_a_range_in_each_row() -> None:
    geometry = grid(count=95)
    area = Box(15 + 2 * 40 + 39, 39, 3 * 40, 3)
    assert geometry.ranges_in(area) == [range(2, 6), range(12, 16)]
    below = Box(0, 9 * 40, 430, 400)
    assert geometry.ranges_in(below) == [range(90, 95)]
    assert geometry.ranges_in(Box(0, 0, 10, 10)) == []


def test_zoom_holds_the_row_on_its_line() -> None:
    geometry = grid(count=10_000)
    scroll = geometry.scroll_to_hold(5_000, line=100)
    box = geometry.box(5_000, scroll)
    assert box.y <= 100 < box.bottom


def test_zoom_walks_the_steps_and_stops_at_both_ends() -> None:
    assert zoomed(64, 1) == 80
    assert zoomed(64, -2) == 40
    assert zoomed(70, 1) == 80
    assert zoomed(70, -1) == 64
    assert zoomed(64, 99) == LARGEST_CELL
    assert zoomed(64, -99) == SMALLEST_CELL


def test_a_million_large_cells_still_scroll_within_a_scroll_bar() -> None:
    assert grid(count=1_000_000, cell_size=384, view=(400, 300)).max_scroll < 2**31
