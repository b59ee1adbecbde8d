"""SpiffWorkflow doing the same procedure: load from SQLite, one task, save, commit.

`spiffworkflow` has a task for each act, as the service has a command for each, and is saved as its
documentation shows.  `spiffworkflow_light` is the most that can be granted to it: only one task for
each step, no questions, and a serializer that leaves the specification in memory and writes the
state alone.  Both keep the evidence that the service's records keep; neither has a journal, a role,
a rule or a date to check.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import DEFAULT_CONFIG, BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter, WorkflowConverter

from tests.benchmarks.office import EVERYTHING, REPORT
from tests.benchmarks.racing import Side

HERE: Final = Path(__file__).parent
PROCESS: Final = "jiyuan_htz"
FULL, LIGHT = "spiffworkflow", "spiffworkflow_light"


@contextmanager
def spiff_sides(folder: Path, instances: int) -> Iterator[tuple[Side, ...]]:
    """Both, each on an SQLite file of its own in the folder, for as long as the block runs."""
    # It reports every turn of every task to its log, which nobody reads here.
    logging.getLogger("spiff").setLevel(logging.WARNING)
    spec, light = _specification("procedure.bpmn"), _specification("light.bpmn")
    with (
        closing(_Spiff(folder / "full.db", spec, BpmnWorkflowSerializer(), instances)) as full,
        closing(_Spiff(folder / "light.db", light, _state_alone(light), instances)) as lean,
    ):
        yield Side(FULL, full.run, full.prepare), Side(LIGHT, lean.run, lean.prepare)


def _specification(file: str) -> Any:
    parser = BpmnParser()
    parser.add_bpmn_file(str(HERE / file))
    return parser.get_spec(PROCESS)


def _state_alone(spec: Any) -> Any:
    class Converter(BpmnWorkflowConverter):  # type: ignore[misc]
        def to_dict(self, workflow: Any) -> Any:
            return WorkflowConverter.to_dict(self, workflow) | {
                "subprocesses": self.mapping_to_dict(workflow.subprocesses),
                "bpmn_events": self.registry.convert(workflow.bpmn_events),
            }

        def from_dict(self, dct: Any) -> Any:
            return super().from_dict(dct | {"spec": spec})

    registry = BpmnWorkflowSerializer.configure({**DEFAULT_CONFIG, BpmnWorkflow: Converter})
    return BpmnWorkflowSerializer(registry)


class _Spiff:
    def __init__(self, file: Path, spec: Any, serializer: Any, instances: int) -> None:
        self._spec = spec
        self._serializer = serializer
        self._keys = range(1, instances + 1)
        self._driver = sqlite3.connect(file, isolation_level=None)
        self._driver.execute("PRAGMA journal_mode = WAL").fetchall()
        self._driver.execute("PRAGMA synchronous = FULL")
        self._driver.execute("CREATE TABLE instance (id INTEGER PRIMARY KEY, state TEXT NOT NULL)")

    def close(self) -> None:
        self._driver.close()

    def prepare(self) -> None:
        """Begin every instance anew."""
        for key in self._keys:
            workflow = BpmnWorkflow(self._spec)
            workflow.do_engine_steps()
            state = self._serializer.serialize_json(workflow)
            self._driver.execute("INSERT OR REPLACE INTO instance VALUES (?, ?)", (key, state))
        self._driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def run(self) -> int:
        """Take all instances to their end, one task of each in turn; gives the number of tasks."""
        done, running = 0, list(self._keys)
        while running:
            done += len(running)
            running = [key for key in running if not self._step(key)]
        return done

    def _step(self, key: int) -> bool:
        self._driver.execute("BEGIN IMMEDIATE")
        found = self._driver.execute("SELECT state FROM instance WHERE id = ?", (key,))
        workflow = self._serializer.deserialize_json(found.fetchone()[0])
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        task.data[task.task_spec.name] = REPORT
        # What the gateways ask for, once; later tasks inherit it.
        task.data.setdefault("answers", EVERYTHING)
        task.data.setdefault("verdict", "lawful")
        task.run()
        workflow.do_engine_steps()
        state = self._serializer.serialize_json(workflow)
        self._driver.execute("UPDATE instance SET state = ? WHERE id = ?", (state, key))
        self._driver.execute("COMMIT")
        return bool(workflow.completed)
