"""Tables, as README.md shows them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bench.grounds import BUSLESS, FLAT, SUITE
from bench.meter import Used
from bench.scenarios import Measured

_DATABASE = ("query", "insert", "update", "delete", "getmore", "command", "commits")


def results(measured: Sequence[Measured], idle: Mapping[str, float]) -> Iterator[str]:
    """Give the table of a run, one line per scenario of the suite, with its ratio to the same without a bus.

    `idle` is the CPU that the suite uses per second when nobody asks anything; it is taken off of nothing.
    """
    cost = {(one.name, one.clients, one.ground): cpu_ms(one) for one in measured}
    yield from _head("scenario", "clients", "n", "req/s", "p50 ms", "p99 ms", "CPU-ms", "÷ flat", "÷ busless",
                     "ended", "oversold", "yardstick")  # fmt: skip
    for one in measured:
        ratios = (
            [_ratio(cost, one, ground) for ground in (FLAT, BUSLESS)] if one.ground == SUITE else ["", ""]
        )
        label = one.name if one.ground == SUITE else f"{one.name} ({one.ground})"
        yield _row(
            label,
            one.clients,
            len(one.outcome.seconds),
            f"{per_second(one):.0f}",
            f"{1000 * percentile(one, 0.50):.1f}",
            f"{1000 * percentile(one, 0.99):.1f}",
            f"{cpu_ms(one):.2f}",
            *ratios,
            ", ".join(f"{count} {end}" for end, count in sorted(Counter(one.outcome.ends).items())),
            one.oversold,
            f"{one.yardstick[0]:.1f} / {one.yardstick[1]:.1f}",
        )
    yield ""
    yield f"Idle: {1000 * sum(idle.values()):.0f} CPU-ms per second ({_shares(idle, 1.0)})."


def ages(seconds: Sequence[float]) -> Iterator[str]:
    """Give the line on events of two copies: seconds from the write of each until it came to a queue."""
    if seconds:
        told = ", ".join(
            f"{1000 * at:.0f} ms ({name})"
            for name, at in (
                ("p50", _share_of(seconds, 0.5)),
                ("p99", _share_of(seconds, 0.99)),
                ("latest", max(seconds)),
            )
        )
        yield f"Two copies: {len(seconds)} events left, after their write, within {told}."


def breakdown(measured: Sequence[Measured]) -> Iterator[str]:
    """Give where the CPU went and what the database was asked, per request."""
    yield from _head("scenario", "clients", "CPU-ms per request, by program", "database operations",
                     "bytes to / from it", "answer")  # fmt: skip
    for one in measured:
        count = len(one.outcome.seconds)
        label = one.name if one.ground == SUITE else f"{one.name} ({one.ground})"
        yield _row(
            label,
            one.clients,
            _shares(one.used.cpu_s, count),
            _operations(one.used, count),
            f"{one.used.database['bytes_in'] / count:.0f} / {one.used.database['bytes_out'] / count:.0f}",
            f"{one.outcome.bytes_in / count:.0f}",
        )


def per_second(one: Measured) -> float:
    """Return journeys per second, while clients were at work."""
    return len(one.outcome.seconds) / one.outcome.wall_s


def cpu_ms(one: Measured) -> float:
    """Return CPU-ms per journey over all programs, all that followed from it included."""
    return 1000 * sum(one.used.cpu_s.values()) / len(one.outcome.seconds)


def percentile(one: Measured, share: float) -> float:
    """Return the seconds within which that share of the journeys ended."""
    return _share_of(one.outcome.seconds, share)


def _share_of(seconds: Sequence[float], share: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _ratio(cost: Mapping[tuple[str, int, str], float], one: Measured, ground: str) -> str:
    base = cost.get((one.name, one.clients, ground))
    return f"{cpu_ms(one) / base:.2f}" if base else ""


def _shares(cpu_s: Mapping[str, float], count: float) -> str:
    parts = sorted(((1000 * value / count, name) for name, value in cpu_s.items()), reverse=True)
    return ", ".join(f"{name} {value:.2f}" for value, name in parts if value >= 0.01)


def _operations(used: Used, count: int) -> str:
    parts = [(used.database[name] / count, name) for name in _DATABASE]
    return ", ".join(f"{name} {value:.1f}" for value, name in parts if value >= 0.05)


def _head(*titles: str) -> Iterator[str]:
    yield _row(*titles)
    yield _row(*("---" for _ in titles))


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"
