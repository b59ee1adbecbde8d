"""The one choke point: every change, from wherever it comes, is one command through `Service`."""

from __future__ import annotations

from workflow.service.choke import Service
from workflow.service.requests import DONE, REFUSED, Bulk, Outcome, Request

__all__ = ["DONE", "REFUSED", "Bulk", "Outcome", "Request", "Service"]
