"""How the page looks is kept from one start of the program to the next."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.ui.dataset.colour_maps import ColourMap
from mnist_desktop.ui.dataset.geometry import LARGEST_CELL
from mnist_desktop.ui.dataset.page import DatasetPage
from mnist_desktop.ui.dataset.view_state import TABS, ViewState
from mnist_desktop.ui.program import Program

states = st.builds(
    ViewState,
    cell_size=st.integers(16, LARGEST_CELL),
    captions=st.booleans(),
    inspector=st.booleans(),
    share=st.floats(0.05, 0.9),
    tab=st.sampled_from(TABS),
    folded=st.lists(st.text(max_size=9)).map(tuple),
    marks=st.booleans(),
    colours=st.sampled_from(["paper", "inverted", "viridis"]),
)


@given(state=states)
def test_state_survives_being_written(state: ViewState) -> None:
    assert ViewState.from_text(state.to_text()) == state


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[" * 100_000,
        "[1, 2]",
        '{"cell_size": 15}',
        '{"cell_size": true}',
        '{"share": 1e999, "tab": "other", "cell_size": "large"}',
        '{"share": NaN}',
        '{"unknown": 3}',
        '{"folded": "numbers", "marks": 1}',
        '{"folded": [1, "file"]}',
        '{"folded": {"file": true}}',
        '{"colours": "jet"}',
    ],
)
def test_broken_text_counts_as_never_written(text: str) -> None:
    assert ViewState.from_text(text) == ViewState()


def test_sound_parts_of_a_broken_text_are_kept() -> None:
    state = ViewState.from_text('{"cell_size": 9999, "captions": false}')
    assert state == ViewState(captions=False)


def dataset_page(program: Program, qtbot: QtBot) -> DatasetPage:
    page = program.window.show_page("dataset")
    assert isinstance(page, DatasetPage)
    page.set_dataset(sample_dataset(30))
    qtbot.waitUntil(page.grid.isVisible)
    return page


def test_window_remembers_zoom_captions_and_inspector(
    qtbot: QtBot, start: Callable[..., Program]
) -> None:
    first = start(page="dataset")
    page = dataset_page(first, qtbot)
    page.view_bar.zoom.setValue(page.view_bar.zoom.value() + 2)
    page.view_bar.captions.click()
    page.inspector.sections["numbers"].fold.click()
    page.inspector.sections["nearest"].fold.click()
    page.inspector.marks_button.click()
    page.view_bar.colours.actions_by_map[ColourMap.VIRIDIS].trigger()
    grid, inspector = page.browser.splitter.sizes()
    page.browser.splitter.handle(1).moveSplitter(grid - 60)
    assert page.browser.splitter.sizes()[1] > inspector
    wider = page.view_state()
    assert wider.share > ViewState().share
    page.view_bar.inspector.click()
    first.window.close()
    qtbot.waitUntil(lambda: not first.window.isVisible())

    second = start(page="dataset")
    again = dataset_page(second, qtbot)
    assert again.view_state() == page.view_state()
    assert not again.view_state().captions
    assert again.view_state().folded == ("nearest",)
    assert again.inspector.marks_button.isChecked()
    assert again.view_state().colours == "viridis"
    assert again.grid.cell_size == page.grid.cell_size
    assert not again.inspector.isVisible()
    # A small screen may have made the second window smaller than the first.
    second.window.resize(first.window.size())
    again.view_bar.inspector.click()
    qtbot.waitUntil(lambda: again.browser.splitter.sizes()[1] > inspector)
