"""Read a model file and open it with onnxruntime, or say in plain words why that cannot be."""

from __future__ import annotations

import re
from pathlib import Path

import onnxruntime

from mnist_desktop.inference.contract import ModelError

# A character classifier has megabytes; half a gigabyte is a wrong file or would fill the memory.
MAX_MODEL_BYTES = 512 * 1024 * 1024

_CHOOSE = "Choose an ONNX file of a model that classifies pictures of characters."
_CONVERT = "Export the model to ONNX with the program that made it, then open that file."

# What is often opened by mistake, by its first bytes.
_IMPOSTORS: tuple[tuple[bytes, str, str], ...] = (
    (b"version https://git-lfs", "a Git LFS pointer, not the model itself", "Fetch the real file."),
    (b"<", "a web page or XML, not a model", "Download the file again; the server sent a page."),
    (b"PK\x03\x04", "a zip archive (PyTorch and Keras save such files)", _CONVERT),
    (b"\x89HDF", "an HDF5 file (older Keras models are such files)", _CONVERT),
    (b"\x1f\x8b", "a gzip file", "Unpack it, then open the ONNX file."),
    (b"\x80", "a pickle (older PyTorch models are such files)", _CONVERT),
    (b"\x89PNG", "a picture", _CHOOSE),
    (b"\x00\x00\x08", "an IDX file: a dataset", "Open it on the dataset page."),
)


def read_model(path: Path) -> bytes:
    """Return the content of a model file after looking at its size and its first bytes.

    Raises
    ------
    ModelError
        When the file cannot be read, is empty, too large, or plainly something else.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        if size > MAX_MODEL_BYTES:
            raise ModelError(
                f"“{path}” has {size:,} bytes; a model of up to {MAX_MODEL_BYTES:,} is expected",
                _CHOOSE,
            )
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"“{path}” could not be read: {error.strerror or error}",
            "Check that the file is there and may be read.",
        ) from error
    refuse_impostors(data, f"“{path}”")
    return data


def refuse_impostors(data: bytes, name: str) -> None:
    """Raise ModelError when `data` is empty or begins like a well-known other kind of file."""
    if not data:
        raise ModelError(f"{name} is empty; an ONNX model is expected", _CHOOSE)
    if data[4:8] == b"TFL3":
        raise ModelError(f"{name} is a TensorFlow Lite model; ONNX is expected", _CONVERT)
    head = data[:64].lstrip()
    for start, kind, advice in _IMPOSTORS:
        if head.startswith(start):
            raise ModelError(f"{name} is {kind}; an ONNX model is expected", advice)


def session_options(threads: int = 1) -> onnxruntime.SessionOptions:
    """Return the settings of every session of the program: threads that never spin.

    A spinning thread pool takes 184 % of a core while the program is idle (AutoSplit64 #51), and
    one small picture is answered faster by one thread than by several.

    Parameters
    ----------
    threads
        More than one where many pictures are answered at once.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    # What matters comes back as an exception; a desktop program's stderr is nobody's screen.
    options.log_severity_level = 4
    return options


def open_session(
    data: bytes, *, name: str, folder: Path | None = None
) -> onnxruntime.InferenceSession:
    """Return an onnxruntime session for a model's bytes.

    Bytes rather than a path, because paths beyond ASCII fail on some systems.

    Parameters
    ----------
    data
        Content of the ONNX file.
    name
        How to call the model in an error.
    folder
        Where side files with weights may lie, as in a model with external data. onnxruntime
        refuses side files outside this folder.

    Raises
    ------
    ModelError
        When onnxruntime cannot make a session of it.
    """
    refuse_impostors(data, name)
    options = session_options()
    if folder is not None:
        options.add_session_config_entry(
            "session.model_external_initializers_file_folder_path", str(folder)
        )
    try:
        session = onnxruntime.InferenceSession(
            data,
            options,
            providers=["CPUExecutionProvider"],
            # Else onnxruntime prints to the standard output, where results are, and tries again.
            enable_fallback=0,
        )
        _read_names(session)
        return session
    except UnicodeDecodeError as error:
        raise ModelError(f"{name} is damaged: it holds names that are no text", _CHOOSE) from error
    # onnxruntime's exceptions share no base but Exception itself.
    except Exception as error:
        message, advice = _explain(str(error))
        raise ModelError(f"{name} {message}", advice) from error


def _read_names(session: onnxruntime.InferenceSession) -> None:
    """Raise UnicodeDecodeError where a name or the metadata of a damaged file is no text.

    onnxruntime decodes them when asked, which elsewhere would be a surprise.
    """
    for entry in (*session.get_inputs(), *session.get_outputs()):
        str(entry.name)
        list(entry.shape)
    dict(session.get_modelmeta().custom_metadata_map)


def _explain(text: str) -> tuple[str, str]:
    """Return in plain words what onnxruntime's message `text` means, and what to do."""
    if found := re.search(r"IR version: (\d+), max supported IR version: (\d+)", text):
        return (
            f"is written in version {found[1]} of the ONNX file format; this program reads up to "
            f"version {found[2]}",
            "Export the model with an older version of the format (ir_version).",
        )
    if found := re.search(r"Opset (\d+) is .* till opset (\d+)", text):
        return (
            f"uses operators of opset {found[1]}; this program knows them up to {found[2]}",
            "Export the model with an older opset (opset_version).",
        )
    if found := re.search(r"External data path.*?(?:path: |exist: )\"([^\"]+)\"", text, re.DOTALL):
        return (
            f"keeps its weights in another file, “{Path(found[1]).name}”, which is not beside it",
            "Put that file into the same folder as the model, or export with the weights inside.",
        )
    if "protobuf parsing failed" in text or "No graph was found" in text:
        return "is not an ONNX model, or only a part of one", _CHOOSE
    if found := re.search(r"(?:No Op registered for|for op|operator) '?(\w+)", text):
        return f"uses the operator {found[1]} in a version onnxruntime does not have", _CONVERT
    # What is left is onnxruntime's own words, without the places in its source code.
    reason = re.sub(r"^\[ONNXRuntimeError\] : \d+ : \w+ : |/\S+\.(?:cc|h):\d+ .*?\) ", "", text)
    return f"could not be opened by onnxruntime: {reason.strip(' .')[:300]}", _CHOOSE
