"""The one kind of error that is meant for the person at the screen."""

from __future__ import annotations


class UserError(Exception):
    """A problem a person can understand and act on.

    Parameters
    ----------
    message
        What happened, to which file, in plain words, without a full stop at the end.
    advice
        What to do next, a whole sentence; empty where there is nothing to advise.
    """

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message}. {self.advice}" if self.advice else self.message
