"""Workers to be killed: `python -m tests.faults.worker URL FOLDER`.

Everything is loaded once; each line of the input has one more worker forked for the jobs that it
names, in their order again and again, which says its number
and then, a line each, what it has done, as soon as that is done and not before.
"""

from __future__ import annotations

import json
import os
import sys
from itertools import cycle
from pathlib import Path

from tests.faults.jobs import Place, prepare
from tests.faults.saving import EVERY
from tests.integration.house import founded


def main(url: str, folder: Path) -> None:
    # Founds, and warms what every worker then has: no connection is open when they are forked.
    with founded(url) as zone:
        prepare(Place(zone, folder))
    _say({"ready": True})
    for names in sys.stdin:
        child = os.fork()
        if child == 0:
            _work(url, folder, names.split())
        os.waitpid(child, 0)
        _say({"dead": child})


def _work(url: str, folder: Path, names: list[str]) -> None:
    _say({"worker": os.getpid()})
    try:
        with founded(url) as zone:
            place = Place(zone, folder)
            for name in cycle(names):
                _say({"job": name, "told": dict(EVERY[name].act(place))})
    except BaseException as error:  # noqa: BLE001 (whatever it is, the parent is told)
        _say({"fault": repr(error)})
    finally:
        os._exit(1)


def _say(told: dict[str, object]) -> None:
    """In one write, so that a kill leaves a whole line or none."""
    os.write(1, (json.dumps(told) + "\n").encode())


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
