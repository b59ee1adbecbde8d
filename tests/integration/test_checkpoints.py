"""The journal is signed, and what is done to it afterwards is found, also by whoever can hash."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from api.bootstrap import open_rehearsal
from api.record import ledger
from api.record.bundles import read_bundle, write_bundle
from api.record.checkpointing import Checkpointing
from api.record.keys import KeyFile
from api.record.pins import pinned
from api.record.policy import load_period
from api.settings import digest_algorithm
from api.signing.keeper import ALGORITHMS
from procedures.problems import SourceError
from tests.integration import house as h
from tests.integration.command_line import CommandLine
from tests.integration.house import Zone, unlock
from tests.integration.http.caller import calling
from tests.integration.raw import insert
from tests.integration.test_journal import change, entry, forged, restored
from tests.journals import ATTACKS, STRANGER, Copy
from workflow.anchoring import Trust
from workflow.bundle import Report, verify_bundle
from workflow.canonical import canonical, digest_of
from workflow.checkpoints import Checkpoint, read, sealed
from workflow.errors import BadInput, StoreTrouble
from workflow.signing import verify_export

DAILY: Final = timedelta(hours=24)


@pytest.fixture
def signing(zone: Zone, tmp_path: Path) -> Checkpointing:
    """A journal of eleven entries with checkpoints at the fourth and the eighth."""
    keys = KeyFile(tmp_path / "checkpoint.key")
    assert keys.make()
    assert not keys.make()
    signing = Checkpointing(zone.house.uow, zone.house.clock, keys, DAILY)
    zone.do(h.propose(h.QUICK))
    zone.do(h.STUDY)
    zone.refuse(h.START.with_(decided_on="2027-01-01"))
    signed(signing, zone, 4)
    for act in (h.CLASSIFY, h.START, h.ASSIGN, h.RESEARCH):
        zone.do(act)
    signed(signing, zone, 8)
    for act in (h.DRAFT, h.CONVENE, h.BASIS):
        zone.do(act)
    return signing


def signed(signing: Checkpointing, zone: Zone, entry_: int) -> Checkpoint:
    made = signing.make(zone.code)
    assert made is not None
    assert made.entry == entry_
    return made


def found(zone: Zone, trust: Trust) -> dict[int, set[str]]:
    told: dict[int, set[str]] = {}
    for flaw in zone.house.inquiry.audit(zone.code, trust).flaws:
        told.setdefault(flaw.seq, set()).add(flaw.code)
    return told


def lines(zone: Zone) -> list[bytes]:
    return [line.encode() for line in zone.house.inquiry.bundle(zone.code)]


def named(report: Report) -> dict[int, set[str]]:
    told: dict[int, set[str]] = {}
    for flaw in report.flaws:
        told.setdefault(flaw.seq, set()).add(flaw.code)
    return told


# --- what somebody does to the database ----------------------------------------------------------


def rewritten(zone: Zone, first: int = 5, last: int = 11) -> None:
    """An entry rewritten with every digest after it, the end included, and the columns too."""
    previous = entry(zone, first - 1)[1]
    for seq in range(first, last + 1):
        values = forged(zone, seq, previous=previous, late_days=seq)
        change(zone, seq, previous=previous, **values)
        previous = str(values["digest"])
    zone.intruder.run(f"UPDATE journal_head SET digest = '{previous}'")


def resigned(zone: Zone, since: int) -> None:
    """Checkpoints from a number on made anew, as somebody can who has no key but one of his own."""
    last: Checkpoint | None = None
    rows = zone.rows("SELECT number, entry_seq, statement, signature FROM checkpoint ORDER BY 1")
    for number, seq, statement, signature in rows:
        old = read(statement, signature)
        assert old is not None
        if number >= since:
            with zone.house.uow.read() as connection:
                from api.record.checkpointing import _store  # noqa: PLC0415

                what = _store(connection, zone.code).to_cover(seq)
            assert what is not None
            last = sealed(what, last, STRANGER, old.at)
            told = {"statement": last.statement, "signature": last.signature}
            told["digest"] = last.own_digest
            sets = ", ".join(f"{name} = '{value}'" for name, value in told.items())
            zone.intruder.run(f"UPDATE checkpoint SET {sets} WHERE number = {number}")
        else:
            last = old


def both(zone: Zone, since: int) -> None:
    rewritten(zone)
    resigned(zone, since)


def cut(zone: Zone) -> None:
    zone.intruder.run(
        "DELETE FROM journal WHERE seq > 6", "DELETE FROM checkpoint WHERE number = 2"
    )
    zone.intruder.run(f"UPDATE journal_head SET seq = 6, digest = '{entry(zone, 6)[1]}'")


BREAKS: Final[Mapping[str, tuple[Callable[[Zone], object], Mapping[int, set[str]]]]] = {
    "rewritten as a whole": (rewritten, {8: {"checkpoint_entry", "handed_entry"}}),
    "rewritten and signed with another key": (
        lambda zone: both(zone, 2),
        {8: {"checkpoint_key", "handed_entry"}},
    ),
    "rewritten and every checkpoint with it": (
        lambda zone: both(zone, 1),
        {
            4: {"checkpoint_swapped"},
            8: {"checkpoint_swapped", "handed_entry"},
        },
    ),
    "the tail cut with its checkpoint": (cut, {8: {"older"}, 11: {"removed"}}),
    "a checkpoint removed": (
        lambda zone: zone.intruder.run("DELETE FROM checkpoint WHERE number = 1"),
        {8: {"checkpoint_order"}},
    ),
    "the last checkpoint removed": (
        lambda zone: zone.intruder.run("DELETE FROM checkpoint WHERE number = 2"),
        {8: {"checkpoint_removed"}},
    ),
    "checkpoints swapped": (
        lambda zone: zone.intruder.run(
            "UPDATE checkpoint SET number = 3 WHERE number = 1",
            "UPDATE checkpoint SET number = 1 WHERE number = 2",
            "UPDATE checkpoint SET number = 2 WHERE number = 3",
        ),
        {
            4: {"checkpoint_damaged", "checkpoint_removed"},
            8: {"checkpoint_damaged", "checkpoint_removed"},
        },
    ),
    "a signature edited": (
        lambda zone: zone.intruder.run(
            f"UPDATE checkpoint SET signature = '{'00' * 64}' WHERE number = 2"
        ),
        {8: {"checkpoint_forged", "checkpoint_removed"}},
    ),
}


def test_what_was_done_to_a_signed_journal_is_found_and_named(
    zone: Zone, signing: Checkpointing
) -> None:
    trust = signing.trust()
    assert found(zone, trust) == {}
    coverage = zone.house.inquiry.audit(zone.code, trust).coverage
    assert (coverage.entry, coverage.checkpoints, coverage.pinned) == (8, 2, True)
    unlock(zone)
    told = {}
    for name, (act, _) in BREAKS.items():
        with restored(zone):
            zone.intruder.run("CREATE TABLE kept_points AS SELECT * FROM checkpoint")
            act(zone)
            told[name] = found(zone, trust)
            zone.intruder.run(
                "DELETE FROM checkpoint",
                "INSERT INTO checkpoint SELECT * FROM kept_points",
                "DROP TABLE kept_points",
            )
    assert told == {name: flaws for name, (_, flaws) in BREAKS.items()}
    assert found(zone, trust) == {}


#: What the versions of its one matter tell besides, who hashed anew or not.
COUNTED: Final[Mapping[str, Mapping[int, set[str]]]] = {
    "removed and everything hashed anew": {6: {"version"}},
    "inserted": {5: {"version"}},
    "inserted and everything hashed anew": {6: {"version"}},
    "reordered": {5: {"version"}},
    "reordered and everything hashed anew": {5: {"version"}, 6: {"version"}, 7: {"version"}},
}


def counted(name: str, flaws: Mapping[int, set[str]]) -> dict[int, set[str]]:
    more = COUNTED.get(name, {})
    return {seq: flaws.get(seq, set()) | more.get(seq, set()) for seq in {*flaws, *more}}


def test_what_is_done_to_a_copy_of_its_bundle_is_found_and_named(
    zone: Zone, signing: Checkpointing
) -> None:
    whole = lines(zone)
    trust = signing.trust()
    handed = Trust(trust.pins, handed=trust.kept, demanded=True)
    assert verify_bundle(whole, handed).flaws == ()
    assert lines(zone) == whole
    alone, shown = {}, {}
    for name, attack in ATTACKS.items():
        copy = Copy(whole)
        attack.act(copy)
        alone[name] = named(verify_bundle(copy.bytes()))
        shown[name] = named(verify_bundle(copy.bytes(), handed))
    assert alone == {name: counted(name, attack.alone) for name, attack in ATTACKS.items()}
    for name, attack in ATTACKS.items():
        wanted = attack.alone if attack.handed is None else attack.handed
        assert shown[name] == counted(name, wanted), name


def test_checkpoints_are_guarded_against_raw_sql(zone: Zone, signing: Checkpointing) -> None:
    intruder, last = zone.intruder, signing.newest(zone.code)
    assert last is not None
    refused = {
        "checkpoint_unchangeable": "UPDATE checkpoint SET signature = 'x'",
        "checkpoint_undeletable": "DELETE FROM checkpoint",
        "checkpoint_out_of_order": row(last, number=4),
        "checkpoint_of_another_journal": row(last, number=3, entry=9, previous=last.own_digest),
    }
    for code, statement in refused.items():
        assert intruder.refused(statement) == f"yicheng:{code}", code
    back = row(last, number=3, entry=7, previous=last.own_digest)
    assert intruder.refused(back) == "yicheng:checkpoint_out_of_order"
    again = row(last, number=2)
    if intruder.backend == "sqlite":
        replaced = again.replace("INSERT", "INSERT OR REPLACE", 1)
        assert intruder.refused(replaced) == "yicheng:checkpoint_replaced"
    else:
        truncated = intruder.refused("TRUNCATE checkpoint")
        assert truncated == "yicheng:checkpoint_undeletable"


def row(last: Checkpoint, **changes: Any) -> str:
    """A checkpoint put in by hand."""
    statement = canonical({**json.loads(last.statement), **changes})
    told = json.loads(statement)
    return insert(
        "checkpoint",
        organisation_id=1,
        number=told["number"],
        entry_seq=told["entry"],
        at="2026-09-01 08:00:00+00",
        statement=statement,
        digest=digest_of(statement),
        signature=last.signature,
    ).replace("%", "%%")


class TestSigning:
    @pytest.fixture
    def backend(self) -> str:
        return "sqlite"

    def test_is_due_when_entries_stand_without_for_longer_than_the_period(
        self, zone: Zone, signing: Checkpointing
    ) -> None:
        assert signing.make(zone.code, only_if_due=True) is None
        zone.wait(1)
        made = signing.make(zone.code, only_if_due=True)
        assert made is not None
        assert (made.number, made.entry) == (3, 11)
        assert signing.make(zone.code) is None
        zone.wait(3)
        assert signing.make(zone.code, only_if_due=True) is None

    def test_goes_over_to_a_new_key_that_the_old_one_introduces(
        self, zone: Zone, signing: Checkpointing
    ) -> None:
        old = signing.keys.fingerprints()
        signing.keys.rotate()
        third = signed(signing, zone, 11)
        assert third.fingerprint == old[0]
        assert third.introduces is not None
        assert signing.make(zone.code) is None
        zone.refuse(h.START)
        fourth = signed(signing, zone, 12)
        assert fourth.fingerprint == signing.keys.fingerprints()[1]
        assert found(zone, signing.trust()) == {}
        assert verify_bundle(lines(zone), Trust(old, demanded=True)).coverage.entry == 12

    def test_puts_on_the_list_what_a_stop_had_left_out(
        self, zone: Zone, signing: Checkpointing
    ) -> None:
        path = signing.keys.ledger
        first, second = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text(first + second[:40], "utf-8")
        assert len(ledger.listed(path)) == 1
        assert signed(signing, zone, 11).number == 3
        assert [each.number for each in ledger.listed(path)] == [1, 2, 3]
        path.write_text("x\n" + first, "utf-8")
        with pytest.raises(StoreTrouble) as caught:
            signing.trust()
        assert caught.value.code == "checkpoint.ledger"

    def test_stops_where_the_key_is_gone_or_open_to_others(
        self, zone: Zone, signing: Checkpointing
    ) -> None:
        def code() -> str:
            with pytest.raises(StoreTrouble) as caught:
                signing.make(zone.code)
            return caught.value.code

        path = signing.keys.path
        kept = path.read_text("ascii")
        path.chmod(0o640)
        assert code() == "checkpoint.key.open"
        path.chmod(0o600)
        for wrong in ("", "x", "ed25519 AAAA", "rsa x"):
            path.write_text(wrong, "ascii")
            assert code() == "checkpoint.key.broken"
        path.unlink()
        assert code() == "checkpoint.key.absent"
        assert signing.keys.fingerprints() == ()
        signing.keys.make()
        assert code() == "checkpoint.key.lost"
        path.write_text(kept, "ascii")
        signed(signing, zone, 11)

    def test_has_a_period_with_its_source_which_one_may_set_oneself(self, tmp_path: Path) -> None:
        assert load_period() == DAILY
        own = tmp_path / "record.yaml"
        own.write_text(
            "policy: record\nversion: 2026-07-01\ninstruments:\n"
            "  own: {title: {zh: 本单位规定, en: Own}, number: 一, law: false}\n"
            "checkpoint_hours: {value: 6, cite: own 1}\n",
            "utf-8",
        )
        assert load_period(own) == timedelta(hours=6)
        own.write_text("policy: record\nversion: 2026-07-01\ncheckpoint_hours: {value: 0}\n")
        with pytest.raises(SourceError):
            load_period(own)


@pytest.fixture
def offline(zone: Zone, signing: Checkpointing, tmp_path: Path) -> Path:
    """A bundle, packed and not, and what was handed out."""
    for name in ("journal.jsonl", "journal.jsonl.gz"):
        write_bundle(tmp_path / name, zone.house.inquiry.bundle(zone.code))
    newest = signing.newest(zone.code)
    assert newest is not None
    (tmp_path / "handed.json").write_text(newest.as_json() + "\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize("backend", ["sqlite"])
class TestABundleAsAFile:
    def test_is_verified_without_database_network_or_settings(
        self, offline: Path, signing: Checkpointing
    ) -> None:
        def verify(*args: str) -> tuple[int, str]:
            done = subprocess.run(
                [sys.executable, "-P", "-c", OFFLINE, "--locale", "en", "journal", "verify", *args],
                cwd=offline,
                env={"PYTHONPATH": str(Path(__file__).parents[2])},
                capture_output=True,
                check=False,
                text=True,
            )
            return done.returncode, " ".join(done.stdout.split()) + done.stderr

        (pin,) = signing.keys.fingerprints()
        status, told = verify("journal.jsonl.gz", "--key", pin, "--checkpoint", "handed.json")
        assert status == 0, told
        assert "The journal is whole: 11 entries" in told
        assert "Up to no. 8 vouched for by checkpoint 2" in told
        assert "Nos. 9 to 11 are not covered by a checkpoint yet" in told
        assert "only this record's own word" not in told
        copy = Copy((offline / "journal.jsonl").read_bytes().splitlines(keepends=True))
        ATTACKS["the tail cut before the last checkpoint"].act(copy)
        (offline / "cut.jsonl").write_bytes(b"".join(copy.bytes()))
        status, told = verify("cut.jsonl")
        assert (status, "only this record's own word" in told) == (0, True)
        status, told = verify("cut.jsonl", "--checkpoint", "handed.json")
        assert status == 3
        assert "Older than checkpoint 2" in told
        assert "entries 7 to 8 are missing" in told

    def test_is_the_same_each_time_and_never_overwritten(self, offline: Path, zone: Zone) -> None:
        again = offline / "again.jsonl.gz"
        write_bundle(again, zone.house.inquiry.bundle(zone.code))
        assert again.read_bytes() == (offline / "journal.jsonl.gz").read_bytes()
        with pytest.raises(BadInput) as caught:
            write_bundle(again, zone.house.inquiry.bundle(zone.code))
        assert caught.value.code == "bundle.there"
        with pytest.raises(StoreTrouble) as trouble:
            write_bundle(offline / "no" / "x", zone.house.inquiry.bundle(zone.code))
        assert trouble.value.code == "bundle.unwritable"
        assert not list(offline.glob(".*"))

    def test_that_is_torn_or_no_bundle_is_told_so(self, offline: Path) -> None:
        packed = (offline / "journal.jsonl.gz").read_bytes()
        odd = offline / "odd"
        for content in (packed[:-20], packed[:300], packed[:200] + b"x" * 50):
            odd.write_bytes(content)
            assert read_bundle(odd, Trust()).flaws
        for content in (b"", b"\x1f\x8b", b"PK\x03\x04", b"\x00" * 1000):
            odd.write_bytes(content)
            assert [flaw.code for flaw in read_bundle(odd, Trust()).flaws] == ["no_bundle"]
        with pytest.raises(BadInput):
            read_bundle(offline, Trust())

    def test_that_unpacks_to_very_much_takes_no_more_room_than_a_line(self, offline: Path) -> None:
        bomb = offline / "bomb.gz"
        with gzip.GzipFile(bomb, "wb", 9) as file:
            first = (offline / "journal.jsonl").read_bytes().split(b"\n")[0]
            file.write(first + b"\n")
            for _ in range(48):
                file.write(b"[" * 2**20)
        assert {flaw.code for flaw in read_bundle(bomb, Trust()).flaws} == {"damaged", "cut"}

    def test_may_be_of_a_part(self, zone: Zone, signing: Checkpointing) -> None:
        part = [line.encode() for line in zone.house.inquiry.bundle(zone.code, 5, 9)]
        report = verify_bundle(part, signing.trust())
        assert (report.flaws, report.entries, report.coverage.entry) == ((), 5, 8)

    def test_is_checked_against_keys_and_checkpoints_that_are_some(self, offline: Path) -> None:
        own = offline / "keys"
        public = STRANGER.public.hex()
        own.write_text(f"# ours\npublic {public}\n", "utf-8")
        assert len(pinned(str(own))) == 1
        own.write_text("none\n", "utf-8")
        for wrong in (str(own), str(offline / "absent"), str(offline)):
            with pytest.raises(BadInput):
                pinned(wrong)
            with pytest.raises(BadInput):
                ledger.handed(Path(wrong))


OFFLINE: Final = """\
import socket, sys
def no(*_): raise AssertionError("no network")
socket.socket.connect = no
from api.cli.root import root
try:
    root.main(sys.argv[1:])
finally:
    assert not {"sqlalchemy", "psycopg", "sqlite3"} & set(sys.modules), "no database"
"""


@pytest.mark.parametrize("backend", ["sqlite"])
def test_an_operator_signs_exports_and_verifies(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YICHENG_CHECKPOINT_KEY", str(tmp_path / "k" / "cp.key"))
    run = CommandLine(database_url)
    run("init", "--sample")
    assert "没有存证点" not in run("journal", "verify").stdout
    key = run.json("journal", "key")
    assert key["made"]
    assert Path(key["file"]).stat().st_mode & 0o777 == 0o600
    out = tmp_path / "handed.json"
    made = run.json("journal", "checkpoint", "--out", str(out))
    assert (made["made"], made["checkpoint"]["entry"]) == (True, 1)
    assert not run.json("journal", "checkpoint", "--if-due")["made"]
    assert made["checkpoint"]["fingerprint"] == key["fingerprint"]
    bundle = str(tmp_path / "b.gz")
    run("journal", "export", bundle)
    report = run.json("journal", "verify", bundle, "--key", key["fingerprint"])
    assert (report["flaws"], report["coverage"]["covered_to"]) == ([], 1)
    audit = run.json("journal", "verify", "--checkpoint", str(out))
    assert (audit["flaws"], audit["coverage"]["uncovered"]) == ([], 0)
    assert run.json("journal", "key", "--rotate")["fingerprint"] != key["fingerprint"]
    assert (
        run.error("journal", "export", bundle, "--from", "9", expect=2)["error"] == "bundle.there"
    )
    other = str(tmp_path / "c.gz")
    assert (
        run.error("journal", "export", other, "--from", "9", expect=4)["error"] == "unknown.entry"
    )
    assert not Path(other).exists()


def test_the_chain_passes_from_one_digest_to_the_other_and_back(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written before a change goes on verifying, by the name that stands there."""
    monkeypatch.setenv("YICHENG_CHECKPOINT_KEY", str(tmp_path / "checkpoint.key"))
    with h.founded(database_url) as zone:
        zone.advance_to("drafting", h.QUICK)
        matter, day = zone.matter, zone.today
    phases = (
        ("sm3", (h.RESEARCH, h.DRAFT, h.BASIS)),
        ("sha256", (h.SUBMIT, h.ACCEPT)),
        ("sm3", (h.COUNSEL_OPINION,)),
        ("sha256", (h.VERDICT,)),
    )
    for algorithm, acts in phases:
        monkeypatch.setenv("YICHENG_DIGEST", algorithm)
        with open_rehearsal(database_url) as house:
            zone = Zone(database_url, house, matter=matter)
            zone.on(day)
            if h.SUBMIT in acts:
                before, seq = zone.rows("SELECT digest, number FROM draft")[0]
                assert (before[:4], len(before), seq) == ("sm3:", 68, 1)
                # The same text is the same whatever its digest was made by.
                same = h.DRAFT.with_(nature="editorial")
                assert "draft.unchanged" in zone.refuse(same)
            for act in acts:
                zone.do(act)
            house.checkpointing.keys.make()
            assert house.checkpointing.make(zone.code) is not None
    with open_rehearsal(database_url) as house:
        zone = Zone(database_url, house)
        kinds = [row[0][:4] for row in zone.rows("SELECT digest FROM journal ORDER BY seq")]
        assert "sm3:" not in (kinds[0], kinds[-1])
        assert kinds.count("sm3:") == 4
        told = [json.loads(row[0]) for row in zone.rows("SELECT body FROM journal ORDER BY seq")]
        signed = [each["signature"]["statement"][:4] for each in told if "signature" in each]
        assert signed[0] == "sm3:" != signed[1]
        checkpoints = [json.loads(row[0]) for row in zone.rows("SELECT statement FROM checkpoint")]
        assert checkpoints[1]["previous"].startswith("sm3:")
        exported = house.inquiry.signature_export(zone.code, str(matter))
        verified = verify_export(exported, ALGORITHMS)
        assert verified is not None
        assert [each.flaws for each in verified] == [(), ()]
        trust = house.checkpointing.trust()
        assert found(zone, trust) == {}
        report = verify_bundle(lines(zone), trust, ALGORITHMS)
        assert (report.flaws, len(report.signers)) == ((), 2)
        unlock(zone)
        zone.intruder.run("UPDATE draft SET text = '另一稿' WHERE number = 1")
        assert {code for codes in found(zone, trust).values() for code in codes} == {"text"}


def test_an_algorithm_that_the_platform_does_not_have_is_told_at_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("YICHENG_DIGEST", "md5")
    with pytest.raises(StoreTrouble) as caught:
        digest_algorithm()
    assert caught.value.code == "digest.unavailable"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_watchdog_is_told_of_a_database_that_is_too_old(
    zone: Zone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YICHENG_CHECKPOINT_KEY", str(tmp_path / "checkpoint.key"))
    zone.do(h.propose(h.QUICK))
    zone.do(h.STUDY)
    signing = zone.house.checkpointing

    def journal(caller: Any) -> tuple[int, str]:
        answer = caller.client.request("GET", "/ready")
        (check,) = [each for each in answer.json()["checks"] if each["name"] == "journal"]
        return answer.status_code, check["status"]

    with calling(zone) as caller:
        assert journal(caller)[1] == "not_configured"
        signing.keys.make()
        signing.make(zone.code)
        assert journal(caller)[1] == "ok"
        audit = caller.get("/api/v1/journal/verification", h.DIRECTOR)
        assert audit.status_code in (200, 403)
        unlock(zone)
        cut_to(zone, 2)
        assert journal(caller) == (503, "journal.older")
        signing.keys.ledger.write_text("x\n", "utf-8")
        assert journal(caller) == (503, "checkpoint.ledger")


def cut_to(zone: Zone, seq: int) -> None:
    zone.intruder.run(f"DELETE FROM journal WHERE seq > {seq}", "DELETE FROM checkpoint")
    zone.intruder.run(f"UPDATE journal_head SET seq = {seq}, digest = '{entry(zone, seq)[1]}'")
