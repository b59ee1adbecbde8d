"""The findings as a table for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

WIDTHS = (44, 14, 12)

# A page of a list beside a million matters, by one beside ten thousand.
MOST_RATIO = 1.3

# A load average below this is what is left of the command that came before.
QUIET = 0.5


def table(found: Mapping[str, Any]) -> str:
    """What was measured, what the aim is, and whether it was reached."""
    return "\n".join(_lines(found))


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield _line("", "measured", "aim")
    for what, lines in _SECTIONS.items():
        if what in found:
            yield from lines(found)
    load = found["machine"]["load_before"]
    if load > QUIET:
        yield ""
        yield f"The machine was busy (load {load:.1f} before the start): the ratios to what is"
        yield "written by hand flatter, the others may suffer. Run it again when it is quiet."


def _durable(found: Mapping[str, Any]) -> Iterator[str]:
    for name, durable in found["durable_command"].items():
        aim = 0.5 if name == "sqlite" else None
        yield ""
        yield _line(f"durable command, {name}", f"{durable['per_second']:,} /s")
        yield _line("  the same rows by hand", f"{durable['hand_written_per_second']:,} /s")
        yield _line("    ratio", f"{durable['ratio']:.2f}", _at_least(durable["ratio"], aim))
        yield _line("  by hand, nothing read", f"{durable['bare_hand_written_per_second']:,} /s")
        yield _line("    ratio", f"{durable['bare_ratio']:.2f}")
        same = durable["same_reads_hand_written_per_second"]
        yield _line("  by hand, everything read that we read", f"{same:,} /s")
        yield _line("    ratio", f"{durable['same_reads_ratio']:.2f}")
        busy, by_hand = (
            f"{durable[key]} µs"
            for key in ("processor_microseconds", "hand_written_processor_microseconds")
        )
        yield _line("  processor time, ours and by hand", busy, by_hand)


def _gate(found: Mapping[str, Any]) -> Iterator[str]:
    gate, measured = found["gate"], found["gate_microseconds"]
    yield ""
    yield _line(
        f"gate, {gate['full_records']} records, all in order",
        f"{measured:.0f} µs",
        _at_most(measured, 100, "µs"),
    )
    yield _line("  the same facts once more", f"{gate['full_again']:.0f} µs")
    yield _line(f"  early, {gate['early_unmet']} conditions unmet", f"{gate['early']:.0f} µs")


def _signing(found: Mapping[str, Any]) -> Iterator[str]:
    added = found["signing_microseconds"]
    yield ""
    yield _line("signing adds to a command, SQLite", f"{added['adds']:.0f} µs")
    yield _line("  signed, and not signed", f"{added['signed']:.0f}", f"{added['unsigned']:.0f} µs")


def _plan(found: Mapping[str, Any]) -> Iterator[str]:
    planned, measured = found["planning"], found["plan_milliseconds"]
    yield ""
    yield _line(
        f"plan, {planned['steps']} steps ahead",
        f"{measured:.2f} ms",
        _at_most(measured, 5, "ms"),
    )
    yield _line("  with a wish that can be made", f"{planned['wish']:.2f} ms")
    yield _line("  with every shortening tried", f"{planned['vain_wish']:.2f} ms")


def _processes(found: Mapping[str, Any]) -> Iterator[str]:
    started, measured = found["processes_seconds"], found["cli_start_seconds"]
    yield ""
    yield _line("yicheng --version", f"{measured:.2f} s", _at_most(measured, 0.4, "s"))
    yield _line("  python -c pass", f"{started['python']:.2f} s")
    yield _line("  yicheng calendar add", f"{started['calendar']:.2f} s")
    yield _line("  yicheng matter list", f"{started['matter_list']:.2f} s")
    yield _line("yicheng procedures check", f"{found['check_seconds']:.2f} s")


def _spiff(found: Mapping[str, Any]) -> Iterator[str]:
    spiff = found["spiffworkflow"]
    yield ""
    yield _line("SpiffWorkflow, a task for each act", f"{spiff['per_second']:,} /s")
    yield _line("    our SQLite by theirs", f"{spiff['ratio']:.2f}", _at_least(spiff["ratio"], 5))
    yield _line("SpiffWorkflow, as light as can be", f"{spiff['light_per_second']:,} /s")
    yield _line("    our SQLite by theirs", f"{spiff['light_ratio']:.2f}")


def _doors(found: Mapping[str, Any]) -> Iterator[str]:
    for name, command in found["http_command"].items():
        for what, counts in {**found["http_read"][name], "command": command}.items():
            yield ""
            for clients, each in counts.items():
                asked = f"HTTP {what}, {name}, clients: {clients}"
                yield _line(asked, f"{each['per_second']:,} /s")
                middle, slow = each["p50_milliseconds"], each["p99_milliseconds"]
                waits = f"  p50 {middle:.1f} ms, p99 {slow:.1f} ms; bare route"
                yield _line(waits, f"{each['bare_per_second']:,} /s")
                yield _line("    ratio", f"{each['ratio']:.2f}", _at_least(each["ratio"], 0.5))


def _verified(found: Mapping[str, Any]) -> Iterator[str]:
    verified = found["journal_verify"]
    yield ""
    yield _line("journal verify, a bundle", f"{verified['bundle_per_second']:,} /s")
    yield _line("  plain hashing of the same bytes", f"{verified['hashing_per_second']:,} /s")
    yield _line("    ratio", f"{verified['ratio']:.3f}")
    yield _line("  a database, with what else it says", f"{verified['database_per_second']:,} /s")


def _lists(found: Mapping[str, Any]) -> Iterator[str]:
    for name, lists in found["lists"].items():
        yield ""
        few, many = lists["few"], lists["many"]
        for question, ratio in lists["ratio"].items():
            told = f"{few[question]:.1f} → {many[question]:.1f} ms"
            yield _line(f"page of matters, {name}, {question}", told)
            aim = _aim("≤ 1.3", reached=ratio <= MOST_RATIO) if question == "list" else ""
            told = f"{many['matters']:,} by {few['matters']:,} matters"
            yield _line(f"    ratio, {told}", f"{ratio:.2f}", aim)


def _swept(found: Mapping[str, Any]) -> Iterator[str]:
    for name, swept in found["sweep"].items():
        few, many = swept["few"], swept["many"]
        yield ""
        told = f"{few['seconds']:.2f} → {many['seconds']:.2f} s"
        yield _line(f"sweep, {swept['due']:,} due, {name}", told)
        told = f"{many['open']:,} by {few['open']:,} open deadlines"
        aim = _aim("≤ 1.3", reached=swept["ratio"] <= MOST_RATIO)
        yield _line(f"    ratio, {told}", f"{swept['ratio']:.2f}", aim)
        yield _line("    ratio of processor time", f"{swept['processor_ratio']:.2f}")
        yield _line("  notices told to the inbox", f"{swept['told_per_second']:,} /s")
        yield _line("  the same rows by hand", f"{swept['hand_written_per_second']:,} /s")
        yield _line("    ratio", f"{swept['told_ratio']:.2f}")


def _files(found: Mapping[str, Any]) -> Iterator[str]:
    for name, files in found["files"].items():
        yield ""
        told = f"file of {files['megabytes']} MB"
        yield _line(f"{told} taken in, {name}", f"{files['up']:,.0f} MB/s")
        yield _line("  copied, fsynced", f"{files['copied']:,.0f} MB/s")
        yield _line("    ratio", f"{files['up_ratio']:.2f}")
        yield _line("  copied, fsynced, hashed", f"{files['copied_and_hashed']:,.0f} MB/s")
        yield _line("    ratio", f"{files['up_ratio_hashed']:.2f}")
        yield _line(f"{told} given out, {name}", f"{files['down']:,.0f} MB/s")
        yield _line("  read", f"{files['read']:,.0f} MB/s")
        yield _line("    ratio", f"{files['down_ratio']:.2f}")


_SECTIONS: Final[Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]]] = {
    "durable_command": _durable,
    "spiffworkflow": _spiff,
    "http_command": _doors,
    "gate": _gate,
    "signing_microseconds": _signing,
    "planning": _plan,
    "lists": _lists,
    "sweep": _swept,
    "journal_verify": _verified,
    "files": _files,
    "processes_seconds": _processes,
}


def _line(*cells: str) -> str:
    first, *rest = cells
    widths = zip(rest, WIDTHS[1:], strict=False)
    return (first.ljust(WIDTHS[0]) + "".join(cell.rjust(width) for cell, width in widths)).rstrip()


def _at_least(value: float, aim: float | None) -> str:
    return "" if aim is None else _aim(f"≥ {aim}", reached=value >= aim)


def _at_most(value: float, aim: float, unit: str) -> str:
    return _aim(f"≤ {aim} {unit}", reached=value <= aim)


def _aim(text: str, *, reached: bool) -> str:
    return f"{text} {'✓' if reached else '✗'}"
