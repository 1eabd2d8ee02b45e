"""A fake of the bus: it answers what each test wrote down, and remembers what it was asked."""

from dataclasses import dataclass
from typing import Any

from chassis.values.context import Context


@dataclass(frozen=True)
class Call:
    name: str
    context: Context
    request: dict[str, Any]
    timeout_s: float


class FakeBus:
    def __init__(self):
        self.calls: list[Call] = []
        self._answers: dict[str, Any] = {}

    def answers(self, name, answer):
        """Say what `service.method` answers: a reply, an exception to raise, or a function of the request."""
        self._answers[name] = answer

    def call(self, service, method, context, request, timeout_s=2.0):
        name = f"{service}.{method}"
        self.calls.append(Call(name, context, request, timeout_s))
        answer = self._answers[name]
        if callable(answer):
            answer = answer(request)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def asked(self, name):
        """Return the calls of one method."""
        return [call for call in self.calls if call.name == name]
