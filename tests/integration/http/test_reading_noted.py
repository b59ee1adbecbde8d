"""Whoever reads personal data unmasked leaves a security event, and so does whoever is refused."""

from __future__ import annotations

import pytest

from tests.integration.house import CLERK, QUICK, Act, Zone, always
from tests.integration.http.caller import calling


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_reading_of_masked_data_and_one_refused_are_in_the_security_log(zone: Zone) -> None:
    matter = zone.advance_to("drafted", QUICK)
    address = f"/api/v1/matters/{matter}/opinions"

    def noted() -> list[tuple[str, str, str | None]]:
        found = zone.house.identity.administration.view_security_events(None, zone.code)
        return [
            (each.kind, "done" if each.done else "refused", each.reason)
            for each in found
            if each.kind == "personal_data_read"
        ]

    with calling(zone) as caller:
        assert caller.get(f"{address}?names=true", CLERK).status_code == 403
        assert noted() == [("personal_data_read", "refused", "not_unmasked")]
        zone.do(Act("unmask", CLERK, always(matter=matter, reasons="核对意见"), about=""))
        assert caller.get(f"{address}?names=true", CLERK).status_code == 200
        assert noted()[1:] == [("personal_data_read", "done", None)]
        assert caller.get(address, CLERK).status_code == 200
        assert len(noted()) == 2
        senders = f"/api/v1/matters/{matter}/submissions"
        assert caller.get(f"{senders}?names=true", CLERK).status_code == 200
        assert caller.get(senders, CLERK).status_code == 200
        assert len(noted()) == 3
    # What was noted stays: neither edited nor deleted, and kept for as long as was promised.
    assert zone.intruder.refused("UPDATE security_event SET result = 'done'").startswith("yicheng:")
    assert zone.intruder.refused("DELETE FROM security_event") == "yicheng:security_event_kept"
    (kept,) = zone.rows("SELECT retention_days FROM security_head")[0]
    assert kept >= 180
