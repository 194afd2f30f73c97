"""All small widgets that pages share, in one place to import them from."""

from mnist_desktop.ui.controls import (
    ElidedLabel,
    badge,
    button,
    card,
    chip,
    count_text,
    figure,
    heading,
    icon_button,
    indent,
    line,
    percent_text,
    primary_button,
    secondary,
    set_role,
    subheading,
)
from mnist_desktop.ui.messages import EmptyState, MessageStrip

__all__ = [
    "ElidedLabel",
    "EmptyState",
    "MessageStrip",
    "badge",
    "button",
    "card",
    "chip",
    "count_text",
    "figure",
    "heading",
    "icon_button",
    "indent",
    "line",
    "percent_text",
    "primary_button",
    "secondary",
    "set_role",
    "subheading",
]
