"""Every patient: what the doctor says, and what is saved of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnist_desktop.datasets.doctor import diagnose
from mnist_desktop.datasets.idx import IdxError, read_idx, write_idx
from mnist_desktop.datasets.rescue import rescue_job
from mnist_desktop.errors import UserError
from mnist_desktop.progress import finish
from tests.unit.datasets.patients import patients, put, told

PATIENTS = patients()


@pytest.mark.parametrize("case", PATIENTS)
def test_each_fault_is_told_and_what_is_whole_is_saved(tmp_path: Path, case: str) -> None:
    patient = PATIENTS[case]
    path = put(tmp_path, patient.name, patient.content)
    if patient.partner:
        write_idx(tmp_path / "train-labels-idx1-ubyte", np.zeros(patient.partner, np.uint8))

    diagnosis = diagnose(path)

    said = told(diagnosis)
    assert diagnosis.verdict == patient.verdict
    for words in patient.words:
        assert words in said
    assert all(problem.advice.endswith(".") for problem in diagnosis.problems)
    if patient.saved is None:
        assert diagnosis.savable == 0
        return
    saved = finish(rescue_job(path, tmp_path / "saved.idx"))
    array = read_idx(tmp_path / "saved.idx")
    assert saved.count == diagnosis.savable == len(array) > 0
    # gzip data that ends early or is damaged gives what stands before that, not a round number.
    lossy = "packed" in case and len(array) < len(patient.saved)
    assert lossy == (case in LOSSY)
    sure = len(array) - patient.doubtful
    np.testing.assert_array_equal(array[:sure], patient.saved[:sure])
    assert diagnose(tmp_path / "saved.idx").verdict == "sound"
    assert f"{saved.count:,}" in diagnosis.prospect
    assert diagnosis.is_doubtful == (patient.doubtful > 0 or "checksum" in case)


LOSSY = (
    "packed, cut off",
    "packed, garbled",
    "packed, damaged in the middle",
    "packed twice, cut off",
)


@pytest.mark.parametrize(
    "case", [case for case, made in PATIENTS.items() if made.verdict != "sound"]
)
def test_the_reader_refuses_what_the_doctor_calls_damaged(tmp_path: Path, case: str) -> None:
    patient = PATIENTS[case]
    path = put(tmp_path, patient.name, patient.content)
    if "out of range" in patient.words[0]:
        assert len(read_idx(path))  # damaged for a person, not for the format
        return
    with pytest.raises(IdxError):
        read_idx(path)


def test_what_cannot_be_saved_is_told_and_writes_nothing(tmp_path: Path) -> None:
    for case in ("web page", "cut off in the header", "cut off before the first image"):
        path = put(tmp_path, "patient", PATIENTS[case].content)
        with pytest.raises(UserError):
            finish(rescue_job(path, tmp_path / "saved"))
        assert not (tmp_path / "saved").exists()
