-- Triggers for SQLite. Each error is `yicheng:` and a stable code.
-- Foreign keys are off on a connection that does not ask for them, so what the promises rest on is
-- checked here as well. INSERT OR REPLACE removes rows without firing DELETE triggers unless the
-- connection asks for that too, so an INSERT under an existing key is refused (`..._replaced`).
-- Whoever may drop a trigger or write the file as bytes is beyond this; the journal's chain tells.
--
-- Organisations and the rules that they run under.
CREATE TRIGGER organisation_insert_key BEFORE INSERT ON organisation
WHEN EXISTS (SELECT 1 FROM organisation WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM organisation WHERE code = NEW.code)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:organisation_replaced');
END;

CREATE TRIGGER organisation_update BEFORE UPDATE ON organisation
WHEN NEW.id IS NOT OLD.id
    OR NEW.code IS NOT OLD.code
    OR NEW.profile IS NOT OLD.profile
    OR NEW.time_zone IS NOT OLD.time_zone
    OR NEW.rehearsal IS NOT OLD.rehearsal
BEGIN
    SELECT RAISE(ABORT, 'yicheng:organisation_identity');
END;

CREATE TRIGGER organisation_delete BEFORE DELETE ON organisation
BEGIN
    SELECT RAISE(ABORT, 'yicheng:organisation_undeletable');
END;

-- Units and people: what they are called may change, what they are may not.
CREATE TRIGGER unit_insert_key BEFORE INSERT ON unit
WHEN EXISTS (SELECT 1 FROM unit WHERE id = NEW.id)
    OR EXISTS (
        SELECT 1 FROM unit WHERE organisation_id = NEW.organisation_id AND code = NEW.code
    )
BEGIN
    SELECT RAISE(ABORT, 'yicheng:unit_replaced');
END;

CREATE TRIGGER unit_update BEFORE UPDATE ON unit
WHEN NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.code IS NOT OLD.code
    OR NEW.functions IS NOT OLD.functions
BEGIN
    SELECT RAISE(ABORT, 'yicheng:unit_identity');
END;

CREATE TRIGGER unit_delete BEFORE DELETE ON unit
BEGIN
    SELECT RAISE(ABORT, 'yicheng:unit_undeletable');
END;

CREATE TRIGGER person_insert_key BEFORE INSERT ON person
WHEN EXISTS (SELECT 1 FROM person WHERE id = NEW.id)
    OR EXISTS (
        SELECT 1 FROM person
        WHERE organisation_id = NEW.organisation_id AND account = NEW.account
    )
BEGIN
    SELECT RAISE(ABORT, 'yicheng:person_replaced');
END;

CREATE TRIGGER person_update BEFORE UPDATE ON person
WHEN NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.account IS NOT OLD.account
BEGIN
    SELECT RAISE(ABORT, 'yicheng:person_identity');
END;

CREATE TRIGGER person_delete BEFORE DELETE ON person
BEGIN
    SELECT RAISE(ABORT, 'yicheng:person_undeletable');
END;

-- After the founding, who holds which post changes only with the entry that the same command has
-- just put at the end of the journal. Days are those of the organisation, the entry's instant is in
-- UTC: a day of grace covers every time zone.
CREATE TRIGGER appointment_insert BEFORE INSERT ON appointment
BEGIN
    SELECT RAISE(ABORT, 'yicheng:appointment_replaced')
    WHERE EXISTS (SELECT 1 FROM appointment WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'yicheng:appointment_days')
    WHERE NEW.until < NEW.since;
    SELECT RAISE(ABORT, 'yicheng:appointment_without_journal')
    WHERE EXISTS (
        SELECT 1
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = NEW.organisation_id
            AND NOT (
                journal.command = 'appoint' AND journal.status = 'done'
                AND NEW.appointed_by IS journal.actor
                AND NEW.since >= date(substr(journal.at, 1, 10), '-1 day')
            )
    );
END;

CREATE TRIGGER appointment_update BEFORE UPDATE ON appointment
WHEN NEW.until IS NULL
    OR (OLD.until IS NOT NULL AND NEW.until >= OLD.until)
    OR NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.person_id IS NOT OLD.person_id
    OR NEW.unit_id IS NOT OLD.unit_id
    OR NEW.role IS NOT OLD.role
    OR NEW.since IS NOT OLD.since
    OR NEW.appointed_by IS NOT OLD.appointed_by
BEGIN
    SELECT RAISE(ABORT, 'yicheng:appointment_unchangeable');
END;

CREATE TRIGGER appointment_update_journal BEFORE UPDATE ON appointment
WHEN NOT EXISTS (
    SELECT 1
    FROM journal_head
    JOIN journal USING (organisation_id, seq)
    WHERE journal_head.organisation_id = OLD.organisation_id
        AND journal.command = 'end_appointment' AND journal.status = 'done'
        AND (NEW.until IS NULL OR NEW.until >= date(substr(journal.at, 1, 10), '-1 day'))
)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:appointment_without_journal');
END;

CREATE TRIGGER appointment_delete BEFORE DELETE ON appointment
BEGIN
    SELECT RAISE(ABORT, 'yicheng:appointment_undeletable');
END;

CREATE TRIGGER mandate_insert BEFORE INSERT ON mandate
BEGIN
    SELECT RAISE(ABORT, 'yicheng:mandate_replaced')
    WHERE EXISTS (SELECT 1 FROM mandate WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'yicheng:mandate_without_journal')
    WHERE EXISTS (
        SELECT 1
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = NEW.organisation_id
            AND NOT (
                journal.command = 'grant_mandate' AND journal.status = 'done'
                AND journal.actor IS (SELECT account FROM person WHERE id = NEW.principal_id)
            )
    );
END;

CREATE TRIGGER mandate_update BEFORE UPDATE ON mandate
WHEN OLD.ended_on IS NOT NULL
    OR NEW.ended_on IS NULL
    OR NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.principal_id IS NOT OLD.principal_id
    OR NEW.agent_id IS NOT OLD.agent_id
    OR NEW.commands IS NOT OLD.commands
    OR NEW.since IS NOT OLD.since
    OR NEW.until IS NOT OLD.until
BEGIN
    SELECT RAISE(ABORT, 'yicheng:mandate_unchangeable');
END;

CREATE TRIGGER mandate_update_journal BEFORE UPDATE ON mandate
WHEN NOT EXISTS (
    SELECT 1
    FROM journal_head
    JOIN journal USING (organisation_id, seq)
    WHERE journal_head.organisation_id = OLD.organisation_id
        AND journal.command = 'end_mandate' AND journal.status = 'done'
)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:mandate_without_journal');
END;

CREATE TRIGGER mandate_delete BEFORE DELETE ON mandate
BEGIN
    SELECT RAISE(ABORT, 'yicheng:mandate_undeletable');
END;

CREATE TRIGGER procedure_version_insert_key BEFORE INSERT ON procedure_version
WHEN EXISTS (SELECT 1 FROM procedure_version WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM procedure_version WHERE digest = NEW.digest)
    OR EXISTS (
        SELECT 1 FROM procedure_version WHERE procedure = NEW.procedure AND version = NEW.version
    )
BEGIN
    SELECT RAISE(ABORT, 'yicheng:procedure_version_replaced');
END;

CREATE TRIGGER procedure_version_update BEFORE UPDATE ON procedure_version
BEGIN
    SELECT RAISE(ABORT, 'yicheng:procedure_version_unchangeable');
END;

CREATE TRIGGER procedure_version_delete BEFORE DELETE ON procedure_version
BEGIN
    SELECT RAISE(ABORT, 'yicheng:procedure_version_undeletable');
END;

-- Matters.
CREATE TRIGGER matter_insert_key BEFORE INSERT ON matter
WHEN EXISTS (SELECT 1 FROM matter WHERE id = NEW.id)
    OR EXISTS (
        SELECT 1 FROM matter WHERE organisation_id = NEW.organisation_id AND number = NEW.number
    )
    OR EXISTS (
        SELECT 1 FROM matter
        WHERE organisation_id = NEW.organisation_id AND year = NEW.year AND serial = NEW.serial
    )
BEGIN
    SELECT RAISE(ABORT, 'yicheng:matter_replaced');
END;

CREATE TRIGGER matter_insert_new BEFORE INSERT ON matter
WHEN NEW.current_draft_id IS NOT NULL OR NEW.agenda_item_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'yicheng:matter_born_tabled');
END;

CREATE TRIGGER matter_update_identity BEFORE UPDATE ON matter
WHEN NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.number IS NOT OLD.number
    OR NEW.year IS NOT OLD.year
    OR NEW.serial IS NOT OLD.serial
BEGIN
    SELECT RAISE(ABORT, 'yicheng:matter_identity');
END;

CREATE TRIGGER matter_update_draft BEFORE UPDATE ON matter
WHEN NEW.current_draft_id IS NOT OLD.current_draft_id
BEGIN
    SELECT RAISE(ABORT, 'yicheng:matter_tabled_text')
    WHERE EXISTS (SELECT 1 FROM agenda_item WHERE matter_id = OLD.id AND removed_at IS NULL);
    SELECT RAISE(ABORT, 'yicheng:matter_draft_not_newest')
    WHERE NEW.current_draft_id IS NOT (
        SELECT id FROM draft
        WHERE matter_id = OLD.id AND organisation_id = OLD.organisation_id
        ORDER BY number DESC LIMIT 1
    );
END;

-- What stands of a matter changes only together with its next version, of which the entry that the
-- same command has just put at the end of the journal tells.
CREATE TRIGGER matter_update_journal BEFORE UPDATE ON matter
WHEN NEW.version IS NOT OLD.version
    OR NEW.stage IS NOT OLD.stage
    OR NEW.answers IS NOT OLD.answers
    OR NEW.title IS NOT OLD.title
    OR NEW.proposing_unit IS NOT OLD.proposing_unit
    OR NEW.lead_unit IS NOT OLD.lead_unit
    OR NEW.co_units IS NOT OLD.co_units
    OR NEW.paused_since IS NOT OLD.paused_since
    OR NEW.procedure_version_id IS NOT OLD.procedure_version_id
    OR NEW.project_key IS NOT OLD.project_key
    OR NEW.counterparty_key IS NOT OLD.counterparty_key
    OR NEW.purpose_key IS NOT OLD.purpose_key
    OR NEW.amount_yuan IS NOT OLD.amount_yuan
BEGIN
    SELECT RAISE(ABORT, 'yicheng:matter_without_journal')
    WHERE NEW.version IS NOT OLD.version + 1 OR NOT EXISTS (
        SELECT 1 FROM journal
        WHERE organisation_id = OLD.organisation_id
            AND seq = (
                SELECT seq FROM journal_head WHERE organisation_id = OLD.organisation_id
            )
            AND matter_id = OLD.id AND matter_version = NEW.version AND status = 'done'
    );
END;

-- What was reviewed rests on the answers, the units and the rules: all stand while it is tabled.
CREATE TRIGGER matter_update_answers BEFORE UPDATE ON matter
WHEN NEW.answers IS NOT OLD.answers
    OR NEW.title IS NOT OLD.title
    OR NEW.proposing_unit IS NOT OLD.proposing_unit
    OR NEW.lead_unit IS NOT OLD.lead_unit
    OR NEW.co_units IS NOT OLD.co_units
BEGIN
    SELECT RAISE(ABORT, 'yicheng:matter_tabled_answers')
    WHERE EXISTS (SELECT 1 FROM agenda_item WHERE matter_id = OLD.id AND removed_at IS NULL);
END;

CREATE TRIGGER matter_update_rules BEFORE UPDATE ON matter
WHEN NEW.procedure_version_id IS NOT OLD.procedure_version_id
BEGIN
    SELECT RAISE(ABORT, 'yicheng:matter_tabled_rules')
    WHERE EXISTS (SELECT 1 FROM agenda_item WHERE matter_id = OLD.id AND removed_at IS NULL);
END;

CREATE TRIGGER matter_update_agenda_item BEFORE UPDATE ON matter
WHEN NEW.agenda_item_id IS NOT OLD.agenda_item_id
    AND NEW.agenda_item_id IS NOT (
        SELECT id FROM agenda_item WHERE matter_id = OLD.id AND removed_at IS NULL
    )
BEGIN
    SELECT RAISE(ABORT, 'yicheng:matter_agenda_item');
END;

CREATE TRIGGER matter_delete BEFORE DELETE ON matter
BEGIN
    SELECT RAISE(ABORT, 'yicheng:matter_undeletable');
END;

-- Meetings.
CREATE TRIGGER meeting_insert_key BEFORE INSERT ON meeting
WHEN EXISTS (SELECT 1 FROM meeting WHERE id = NEW.id)
    OR EXISTS (
        SELECT 1 FROM meeting WHERE organisation_id = NEW.organisation_id AND code = NEW.code
    )
BEGIN
    SELECT RAISE(ABORT, 'yicheng:meeting_replaced');
END;

CREATE TRIGGER meeting_update_identity BEFORE UPDATE ON meeting
WHEN NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.code IS NOT OLD.code
    OR NEW.year IS NOT OLD.year
    OR NEW.serial IS NOT OLD.serial
    OR NEW.body IS NOT OLD.body
    OR NEW.held_on IS NOT OLD.held_on
BEGIN
    SELECT RAISE(ABORT, 'yicheng:meeting_identity');
END;

CREATE TRIGGER meeting_update_frozen BEFORE UPDATE ON meeting
WHEN OLD.frozen_on IS NOT NULL AND NEW.frozen_on IS NOT OLD.frozen_on
BEGIN
    SELECT RAISE(ABORT, 'yicheng:meeting_unfrozen');
END;

CREATE TRIGGER meeting_delete BEFORE DELETE ON meeting
BEGIN
    SELECT RAISE(ABORT, 'yicheng:meeting_undeletable');
END;

-- The journal and its head.
CREATE TRIGGER journal_insert BEFORE INSERT ON journal
BEGIN
    SELECT RAISE(ABORT, 'yicheng:journal_replaced')
    WHERE EXISTS (
        SELECT 1 FROM journal WHERE organisation_id = NEW.organisation_id AND seq = NEW.seq
    ) OR EXISTS (SELECT 1 FROM journal WHERE rowid = NEW.rowid);
    SELECT RAISE(ABORT, 'yicheng:journal_out_of_order')
    WHERE NOT EXISTS (
        SELECT 1 FROM journal_head
        WHERE organisation_id = NEW.organisation_id
            AND seq = NEW.seq - 1 AND digest = NEW.previous
    );
END;

CREATE TRIGGER journal_update BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'yicheng:journal_unchangeable');
END;

CREATE TRIGGER journal_delete BEFORE DELETE ON journal
BEGIN
    SELECT RAISE(ABORT, 'yicheng:journal_undeletable');
END;

CREATE TRIGGER journal_head_insert_key BEFORE INSERT ON journal_head
WHEN EXISTS (SELECT 1 FROM journal_head WHERE organisation_id = NEW.organisation_id)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:journal_head_replaced');
END;

CREATE TRIGGER journal_head_insert_first BEFORE INSERT ON journal_head
WHEN NEW.seq IS NOT 0
BEGIN
    SELECT RAISE(ABORT, 'yicheng:journal_head_not_first');
END;

CREATE TRIGGER journal_head_update BEFORE UPDATE ON journal_head
WHEN NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.seq IS NOT OLD.seq + 1
    OR NOT EXISTS (
        SELECT 1 FROM journal
        WHERE organisation_id = NEW.organisation_id AND seq = NEW.seq
            AND previous = OLD.digest AND digest = NEW.digest
    )
BEGIN
    SELECT RAISE(ABORT, 'yicheng:journal_head_out_of_order');
END;

CREATE TRIGGER journal_head_delete BEFORE DELETE ON journal_head
BEGIN
    SELECT RAISE(ABORT, 'yicheng:journal_head_undeletable');
END;

-- What is filed on a matter.
CREATE TRIGGER draft_insert BEFORE INSERT ON draft
BEGIN
    SELECT RAISE(ABORT, 'yicheng:draft_replaced')
    WHERE EXISTS (SELECT 1 FROM draft WHERE id = NEW.id)
        OR EXISTS (SELECT 1 FROM draft WHERE matter_id = NEW.matter_id AND number = NEW.number);
    SELECT RAISE(ABORT, 'yicheng:draft_organisation')
    WHERE NOT EXISTS (
        SELECT 1 FROM matter WHERE id = NEW.matter_id AND organisation_id = NEW.organisation_id
    );
    SELECT RAISE(ABORT, 'yicheng:draft_out_of_order')
    WHERE NEW.number IS NOT 1 + (
        SELECT coalesce(max(number), 0) FROM draft WHERE matter_id = NEW.matter_id
    );
    SELECT RAISE(ABORT, 'yicheng:matter_tabled_text')
    WHERE EXISTS (SELECT 1 FROM agenda_item WHERE matter_id = NEW.matter_id AND removed_at IS NULL);
END;

CREATE TRIGGER draft_update BEFORE UPDATE ON draft
BEGIN
    SELECT RAISE(ABORT, 'yicheng:draft_unchangeable');
END;

CREATE TRIGGER draft_delete BEFORE DELETE ON draft
BEGIN
    SELECT RAISE(ABORT, 'yicheng:draft_undeletable');
END;

CREATE TRIGGER record_insert BEFORE INSERT ON record
BEGIN
    SELECT RAISE(ABORT, 'yicheng:record_replaced')
    WHERE EXISTS (SELECT 1 FROM record WHERE id = NEW.id)
        OR EXISTS (
            SELECT 1 FROM record WHERE matter_id = NEW.matter_id AND position = NEW.position
        );
    SELECT RAISE(ABORT, 'yicheng:record_organisation')
    WHERE NOT EXISTS (
        SELECT 1 FROM matter WHERE id = NEW.matter_id AND organisation_id = NEW.organisation_id
    );
    SELECT RAISE(ABORT, 'yicheng:record_without_journal')
    WHERE NOT EXISTS (
        SELECT 1 FROM journal
        WHERE organisation_id = NEW.organisation_id AND seq = NEW.journal_seq
    );
END;

CREATE TRIGGER record_update BEFORE UPDATE ON record
BEGIN
    SELECT RAISE(ABORT, 'yicheng:record_unchangeable');
END;

CREATE TRIGGER record_delete BEFORE DELETE ON record
BEGIN
    SELECT RAISE(ABORT, 'yicheng:record_undeletable');
END;

CREATE TRIGGER review_insert BEFORE INSERT ON review
BEGIN
    SELECT RAISE(ABORT, 'yicheng:review_replaced')
    WHERE EXISTS (SELECT 1 FROM review WHERE id = NEW.id)
        OR EXISTS (
            SELECT 1 FROM review WHERE matter_id = NEW.matter_id AND position = NEW.position
        );
    SELECT RAISE(ABORT, 'yicheng:review_organisation')
    WHERE NOT EXISTS (
        SELECT 1 FROM matter WHERE id = NEW.matter_id AND organisation_id = NEW.organisation_id
    );
    SELECT RAISE(ABORT, 'yicheng:review_without_record')
    WHERE NOT EXISTS (
        SELECT 1 FROM record
        WHERE matter_id = NEW.matter_id AND position = NEW.position
            -- The commands by which a text is found to be lawful, or not.
            AND command IN ('give_review_verdict', 'confirm_changes', 'recheck_text')
    );
    SELECT RAISE(ABORT, 'yicheng:review_out_of_order')
    WHERE EXISTS (
        SELECT 1 FROM review WHERE matter_id = NEW.matter_id AND position > NEW.position
    );
    SELECT RAISE(ABORT, 'yicheng:review_of_another_text')
    WHERE NOT EXISTS (
        SELECT 1 FROM draft
        WHERE id = NEW.draft_id AND matter_id = NEW.matter_id
            AND organisation_id = NEW.organisation_id AND digest = NEW.digest
    );
END;

CREATE TRIGGER review_update BEFORE UPDATE ON review
BEGIN
    SELECT RAISE(ABORT, 'yicheng:review_unchangeable');
END;

CREATE TRIGGER review_delete BEFORE DELETE ON review
BEGIN
    SELECT RAISE(ABORT, 'yicheng:review_undeletable');
END;

-- Clearances: the latest review passed, on the very text that is current.
CREATE TRIGGER clearance_insert BEFORE INSERT ON clearance
BEGIN
    SELECT RAISE(ABORT, 'yicheng:clearance_replaced')
    WHERE EXISTS (SELECT 1 FROM clearance WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'yicheng:clearance_organisation')
    WHERE NOT EXISTS (
        SELECT 1 FROM matter WHERE id = NEW.matter_id AND organisation_id = NEW.organisation_id
    );
    SELECT RAISE(ABORT, 'yicheng:clearance_without_passed_review')
    WHERE NOT EXISTS (
        SELECT 1
        FROM matter
        JOIN draft ON draft.id = matter.current_draft_id
        JOIN review ON review.matter_id = matter.id
        WHERE matter.id = NEW.matter_id AND matter.organisation_id = NEW.organisation_id
            AND draft.id = NEW.draft_id AND draft.matter_id = matter.id
            AND draft.digest = NEW.digest
            AND draft.number = (SELECT max(number) FROM draft WHERE matter_id = NEW.matter_id)
            AND review.id = NEW.review_id AND review.passed = 1
            AND review.digest = NEW.digest
            AND review.position = (
                SELECT max(position) FROM review WHERE matter_id = NEW.matter_id
            )
            AND NOT EXISTS (
                SELECT 1 FROM record
                WHERE record.matter_id = NEW.matter_id AND record.command = 'migrate'
                    AND record.outcome = 'review_lapsed' AND record.position > review.position
            )
    );
    SELECT RAISE(ABORT, 'yicheng:clearance_without_journal')
    WHERE NOT EXISTS (
        SELECT 1
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = NEW.organisation_id
            AND journal.seq = NEW.journal_seq AND journal.matter_id = NEW.matter_id
            AND journal.command = 'propose_agenda_item' AND journal.status = 'done'
    );
END;

CREATE TRIGGER clearance_update BEFORE UPDATE ON clearance
BEGIN
    SELECT RAISE(ABORT, 'yicheng:clearance_unchangeable');
END;

CREATE TRIGGER clearance_delete BEFORE DELETE ON clearance
BEGIN
    SELECT RAISE(ABORT, 'yicheng:clearance_undeletable');
END;

-- Agenda items: nothing without a clearance that still holds.
CREATE TRIGGER agenda_item_insert BEFORE INSERT ON agenda_item
BEGIN
    SELECT RAISE(ABORT, 'yicheng:agenda_item_replaced')
    WHERE EXISTS (SELECT 1 FROM agenda_item WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'yicheng:agenda_item_not_active') WHERE NEW.removed_at IS NOT NULL;
    SELECT RAISE(ABORT, 'yicheng:agenda_item_organisation')
    WHERE NOT EXISTS (
        SELECT 1 FROM matter JOIN meeting ON meeting.organisation_id = matter.organisation_id
        WHERE matter.id = NEW.matter_id AND matter.organisation_id = NEW.organisation_id
            AND meeting.id = NEW.meeting_id
    );
    SELECT RAISE(ABORT, 'yicheng:agenda_item_matter_listed')
    WHERE EXISTS (SELECT 1 FROM agenda_item WHERE matter_id = NEW.matter_id AND removed_at IS NULL);
    SELECT RAISE(ABORT, 'yicheng:agenda_item_place_taken')
    WHERE EXISTS (
        SELECT 1 FROM agenda_item
        WHERE meeting_id = NEW.meeting_id AND place = NEW.place AND removed_at IS NULL
    );
    SELECT RAISE(ABORT, 'yicheng:agenda_item_agenda_frozen')
    WHERE (SELECT frozen_on FROM meeting WHERE id = NEW.meeting_id) IS NOT NULL;
    SELECT RAISE(ABORT, 'yicheng:agenda_item_matter_paused')
    WHERE (SELECT paused_since FROM matter WHERE id = NEW.matter_id) IS NOT NULL;
    SELECT RAISE(ABORT, 'yicheng:agenda_item_without_clearance')
    WHERE NOT EXISTS (
        SELECT 1
        FROM clearance
        JOIN matter ON matter.id = clearance.matter_id
        JOIN draft ON draft.id = matter.current_draft_id
        JOIN review ON review.id = clearance.review_id
        WHERE clearance.id = NEW.clearance_id AND clearance.organisation_id = NEW.organisation_id
            AND matter.id = NEW.matter_id
            AND draft.id = clearance.draft_id AND draft.matter_id = matter.id
            AND draft.digest = clearance.digest
            AND draft.number = (SELECT max(number) FROM draft WHERE matter_id = NEW.matter_id)
            AND review.matter_id = matter.id AND review.passed = 1
            AND review.digest = clearance.digest
            AND review.position = (
                SELECT max(position) FROM review WHERE matter_id = NEW.matter_id
            )
            AND NOT EXISTS (
                SELECT 1 FROM record
                WHERE record.matter_id = NEW.matter_id AND record.command = 'migrate'
                    AND record.outcome = 'review_lapsed' AND record.position > review.position
            )
    );
END;

CREATE TRIGGER agenda_item_inserted AFTER INSERT ON agenda_item
BEGIN
    UPDATE matter SET agenda_item_id = NEW.id WHERE id = NEW.matter_id;
END;

CREATE TRIGGER agenda_item_update BEFORE UPDATE ON agenda_item
WHEN OLD.removed_at IS NOT NULL
    OR NEW.removed_at IS NULL
    OR NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.meeting_id IS NOT OLD.meeting_id
    OR NEW.matter_id IS NOT OLD.matter_id
    OR NEW.clearance_id IS NOT OLD.clearance_id
    OR NEW.place IS NOT OLD.place
    OR NEW.listed_at IS NOT OLD.listed_at
BEGIN
    SELECT RAISE(ABORT, 'yicheng:agenda_item_unchangeable');
END;

CREATE TRIGGER agenda_item_updated AFTER UPDATE ON agenda_item
BEGIN
    UPDATE matter SET agenda_item_id = NULL WHERE id = NEW.matter_id;
END;

CREATE TRIGGER agenda_item_delete BEFORE DELETE ON agenda_item
BEGIN
    SELECT RAISE(ABORT, 'yicheng:agenda_item_undeletable');
END;
