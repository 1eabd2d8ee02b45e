"""A connection to the broker that is kept for questions: made at the first one, and anew when it was lost."""

from collections.abc import Callable
from typing import Any, TypeVar

from chassis.wire import bus

T = TypeVar("T")


class KeptConnection:
    """One connection with one channel, for whoever asks now and then; one greenlet at a time.

    `name` is what the broker's own tools show; each answer is waited for `answer_max_s` at most.
    """

    def __init__(self, amqp_uri: str, *, name: str, answer_max_s: float) -> None:
        self._uri = amqp_uri
        self._name = name
        self._answer_max_s = answer_max_s
        self._connection: bus.Connection | None = None
        self._channel: Any = None

    def ask(self, question: Callable[[], T]) -> T:
        """Return what `question` returns, which takes `channel` for each thing that it asks.

        A connection that was closed since it was last used says nothing about the broker of now: it is asked
        once more over a new one. Raises one of BUS_ERRORS, or what the question raises.
        """
        known = self._connection is not None
        try:
            return self._asked(question)
        except TimeoutError:
            raise
        except bus.BUS_ERRORS:
            if not known:
                raise
            return self._asked(question)

    @property
    def channel(self) -> Any:
        """Return the channel, opened where there is none or the broker has closed it."""
        if self._connection is None:
            self._connection = bus.connect(self._uri, name=self._name, timeout_s=self._answer_max_s)
        if self._channel is None or not self._channel.is_open:
            self._channel = self._connection.channel()
        return self._channel

    def close(self) -> None:
        """Drop the connection."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            connection.collect()

    def _asked(self, question: Callable[[], T]) -> T:
        try:
            return question()
        except BaseException:
            self.close()
            raise
