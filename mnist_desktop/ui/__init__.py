"""The window: it shows and asks, and never computes.

onnxruntime is imported here, before any module of this package can import PySide6. On Windows both
bring C++ runtime libraries, and with Qt's loaded first onnxruntime fails to load
(microsoft/onnxruntime#26127). Sessions are created later, in a thread, after the first paint.
"""

import onnxruntime  # noqa: F401  (the order is the point)
