-- What holds the sittings of meetings against raw SQL on SQLite.  RAISE(ABORT, 'yicheng:<code>').
-- A meeting is opened once its agenda is frozen, and closed once it was opened; neither is undone.
CREATE TRIGGER meeting_update_sitting BEFORE UPDATE ON meeting
WHEN (OLD.opened_on IS NOT NULL AND NEW.opened_on IS NOT OLD.opened_on)
    OR (OLD.closed_on IS NOT NULL AND NEW.closed_on IS NOT OLD.closed_on)
    OR (NEW.opened_on IS NOT NULL AND NEW.frozen_on IS NULL)
    OR (NEW.closed_on IS NOT NULL AND NEW.opened_on IS NULL)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:meeting_sitting');
END;

CREATE TRIGGER meeting_insert_sitting BEFORE INSERT ON meeting
WHEN NEW.frozen_on IS NOT NULL OR NEW.opened_on IS NOT NULL OR NEW.closed_on IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'yicheng:meeting_sitting');
END;

-- Each day of a meeting is written by its command, of which the newest entry of the journal tells.
CREATE TRIGGER meeting_update_journal BEFORE UPDATE ON meeting
WHEN (OLD.frozen_on IS NULL AND NEW.frozen_on IS NOT NULL)
    OR (OLD.opened_on IS NULL AND NEW.opened_on IS NOT NULL)
    OR (OLD.closed_on IS NULL AND NEW.closed_on IS NOT NULL)
    OR (OLD.cancelled_on IS NULL AND NEW.cancelled_on IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:meeting_without_journal')
    WHERE NOT EXISTS (
        SELECT 1
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = OLD.organisation_id AND journal.status = 'done'
            AND journal.meeting_id = OLD.id AND journal.matter_id IS NULL
            AND (
                OLD.frozen_on IS NOT NULL OR NEW.frozen_on IS NULL
                OR journal.command = 'freeze_agenda'
            )
            AND (
                OLD.opened_on IS NOT NULL OR NEW.opened_on IS NULL
                OR journal.command = 'open_meeting'
            )
            AND (
                OLD.closed_on IS NOT NULL OR NEW.closed_on IS NULL
                OR journal.command = 'close_meeting'
            )
            AND (
                OLD.cancelled_on IS NOT NULL OR NEW.cancelled_on IS NULL
                OR journal.command = 'cancel_meeting'
            )
    );
END;

-- Nothing is left open on the agenda of a meeting that is over.
CREATE TRIGGER meeting_close BEFORE UPDATE ON meeting
WHEN NEW.closed_on IS NOT NULL
    AND EXISTS (SELECT 1 FROM agenda_item WHERE meeting_id = OLD.id AND removed_at IS NULL)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:meeting_items_open');
END;

CREATE TRIGGER proceeding_insert BEFORE INSERT ON proceeding
BEGIN
    SELECT RAISE(ABORT, 'yicheng:proceeding_replaced')
    WHERE EXISTS (SELECT 1 FROM proceeding WHERE id = NEW.id)
        OR EXISTS (
            SELECT 1 FROM proceeding
            WHERE meeting_id = NEW.meeting_id AND position = NEW.position
        );
    SELECT RAISE(ABORT, 'yicheng:proceeding_organisation')
    WHERE NOT EXISTS (
        SELECT 1 FROM meeting WHERE id = NEW.meeting_id AND organisation_id = NEW.organisation_id
    );
    SELECT RAISE(ABORT, 'yicheng:proceeding_without_journal')
    WHERE NOT EXISTS (
        SELECT 1
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = NEW.organisation_id AND journal.status = 'done'
            AND journal.seq = NEW.journal_seq AND journal.command = NEW.command
            AND journal.actor = NEW.actor
            AND journal.meeting_id = NEW.meeting_id AND journal.matter_id IS NULL
    ) OR EXISTS (
        SELECT 1 FROM proceeding
        WHERE meeting_id = NEW.meeting_id AND journal_seq = NEW.journal_seq
    );
    SELECT RAISE(ABORT, 'yicheng:proceeding_meeting_closed')
    WHERE (SELECT closed_on FROM meeting WHERE id = NEW.meeting_id) IS NOT NULL
        AND (
            NEW.command IS NOT 'close_meeting'
            OR EXISTS (
                SELECT 1 FROM proceeding
                WHERE meeting_id = NEW.meeting_id AND command = 'close_meeting'
            )
        );
END;

CREATE TRIGGER proceeding_update BEFORE UPDATE ON proceeding
BEGIN
    SELECT RAISE(ABORT, 'yicheng:proceeding_unchangeable');
END;

CREATE TRIGGER proceeding_delete BEFORE DELETE ON proceeding
BEGIN
    SELECT RAISE(ABORT, 'yicheng:proceeding_undeletable');
END;

-- An item is concluded in a sitting, and only what was concluded stays so.
DROP TRIGGER agenda_item_update;

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
    OR NEW.urgent IS NOT OLD.urgent
BEGIN
    SELECT RAISE(ABORT, 'yicheng:agenda_item_unchangeable');
END;

CREATE TRIGGER agenda_item_insert_concluded BEFORE INSERT ON agenda_item
WHEN NEW.concluded IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'yicheng:agenda_item_not_active');
END;

CREATE TRIGGER agenda_item_conclude BEFORE UPDATE ON agenda_item
WHEN NEW.concluded IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM meeting
        WHERE id = NEW.meeting_id AND opened_on IS NOT NULL AND closed_on IS NULL
    )
BEGIN
    SELECT RAISE(ABORT, 'yicheng:agenda_item_not_sitting');
END;

-- Once its meeting sits, an item leaves with a conclusion only.
CREATE TRIGGER agenda_item_update_sitting BEFORE UPDATE ON agenda_item
WHEN OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL AND NEW.concluded IS NULL
    AND EXISTS (SELECT 1 FROM meeting WHERE id = OLD.meeting_id AND opened_on IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:agenda_item_in_session');
END;

-- An item leaves the agenda by the newest entry of the journal, with the conclusion that it tells.
CREATE TRIGGER agenda_item_update_journal BEFORE UPDATE ON agenda_item
WHEN OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'yicheng:agenda_item_without_journal')
    WHERE NOT EXISTS (
        SELECT 1
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = OLD.organisation_id AND journal.status = 'done'
            AND journal.matter_id = OLD.matter_id
            AND CASE
                WHEN NEW.concluded IS NULL
                THEN journal.command IN ('remove_agenda_item', 'withdraw', 'end_decision')
                ELSE journal.command = 'conclude_item' AND journal.meeting_id = OLD.meeting_id
                    AND json_extract(journal.body, '$.payload.conclusion') = NEW.concluded
            END
    );
END;

-- Document numbers of a series follow each other without gaps, and stay.  Each is given by the
-- newest entry of the journal, which is that of the issue of its matter and tells of it.
CREATE TRIGGER document_number_insert BEFORE INSERT ON document_number
BEGIN
    SELECT RAISE(ABORT, 'yicheng:document_number_replaced')
    WHERE EXISTS (SELECT 1 FROM document_number WHERE rowid = NEW.rowid)
        OR EXISTS (
            SELECT 1 FROM document_number
            WHERE organisation_id = NEW.organisation_id AND series = NEW.series
                AND year = NEW.year AND serial = NEW.serial
        );
    SELECT RAISE(ABORT, 'yicheng:document_number_organisation')
    WHERE NOT EXISTS (
        SELECT 1 FROM matter WHERE id = NEW.matter_id AND organisation_id = NEW.organisation_id
    );
    SELECT RAISE(ABORT, 'yicheng:document_number_out_of_order')
    WHERE NEW.serial IS NOT 1 + (
        SELECT coalesce(max(serial), 0) FROM document_number
        WHERE organisation_id = NEW.organisation_id AND series = NEW.series AND year = NEW.year
    );
    SELECT RAISE(ABORT, 'yicheng:document_number_without_journal')
    WHERE NOT EXISTS (
        SELECT 1
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = NEW.organisation_id AND journal.status = 'done'
            AND journal.seq = NEW.journal_seq AND journal.command = 'issue'
            AND journal.matter_id = NEW.matter_id
            AND json_extract(journal.body, '$.payload.series') = NEW.series
            AND json_extract(journal.body, '$.payload.year') = NEW.year
            AND json_extract(journal.body, '$.payload.number') = NEW.serial
    );
END;

CREATE TRIGGER document_number_update BEFORE UPDATE ON document_number
BEGIN
    SELECT RAISE(ABORT, 'yicheng:document_number_unchangeable');
END;

CREATE TRIGGER document_number_delete BEFORE DELETE ON document_number
BEGIN
    SELECT RAISE(ABORT, 'yicheng:document_number_undeletable');
END;

-- Acts on the catalogue of a year follow each other without gaps, each with the newest entry, which is
-- its own, and stay.
CREATE TRIGGER catalogue_record_insert BEFORE INSERT ON catalogue_record
BEGIN
    SELECT RAISE(ABORT, 'yicheng:catalogue_record_replaced')
    WHERE EXISTS (SELECT 1 FROM catalogue_record WHERE id = NEW.id)
        OR EXISTS (
            SELECT 1 FROM catalogue_record
            WHERE organisation_id = NEW.organisation_id
                AND year = NEW.year AND position = NEW.position
        );
    SELECT RAISE(ABORT, 'yicheng:catalogue_record_out_of_order')
    WHERE NEW.position IS NOT 1 + (
        SELECT coalesce(max(position), 0) FROM catalogue_record
        WHERE organisation_id = NEW.organisation_id AND year = NEW.year
    );
    SELECT RAISE(ABORT, 'yicheng:catalogue_record_without_journal')
    WHERE NOT EXISTS (
        SELECT 1
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = NEW.organisation_id AND journal.status = 'done'
            AND journal.seq = NEW.journal_seq AND journal.command = NEW.command
            AND journal.actor = NEW.actor
            AND journal.matter_id IS NULL AND journal.meeting_id IS NULL
    ) OR EXISTS (
        SELECT 1 FROM catalogue_record
        WHERE organisation_id = NEW.organisation_id AND journal_seq = NEW.journal_seq
    );
END;

CREATE TRIGGER catalogue_record_update BEFORE UPDATE ON catalogue_record
BEGIN
    SELECT RAISE(ABORT, 'yicheng:catalogue_record_unchangeable');
END;

CREATE TRIGGER catalogue_record_delete BEFORE DELETE ON catalogue_record
BEGIN
    SELECT RAISE(ABORT, 'yicheng:catalogue_record_undeletable');
END;

-- Which entry of a catalogue a matter is, and which other it changes or ends, as with whatever else
-- ties it to others.
CREATE TRIGGER matter_update_entry BEFORE UPDATE ON matter
WHEN NEW.entry_year IS NOT OLD.entry_year OR NEW.entry_number IS NOT OLD.entry_number
    OR NEW.adjusts IS NOT OLD.adjusts
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

-- A meeting is called off before it is opened, with nothing on its agenda, and stays so.
CREATE TRIGGER meeting_update_cancelled BEFORE UPDATE ON meeting
WHEN OLD.cancelled_on IS NOT NULL
    OR (
        NEW.cancelled_on IS NOT NULL
        AND (
            NEW.opened_on IS NOT NULL
            OR EXISTS (
                SELECT 1 FROM agenda_item WHERE meeting_id = NEW.id AND removed_at IS NULL
            )
        )
    )
BEGIN
    SELECT RAISE(ABORT, 'yicheng:meeting_cancelled');
END;

DROP TRIGGER agenda_item_insert;

-- An urgent item comes onto an agenda that is frozen: once, by the newest entry of the journal,
-- which is that of its clearance and says that it is urgent.  Nothing else is lifted.
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
    SELECT RAISE(ABORT, 'yicheng:agenda_item_meeting_cancelled')
    WHERE (SELECT cancelled_on FROM meeting WHERE id = NEW.meeting_id) IS NOT NULL;
    SELECT RAISE(ABORT, 'yicheng:agenda_item_agenda_frozen')
    WHERE NEW.urgent IS NOT 1
        AND (SELECT frozen_on FROM meeting WHERE id = NEW.meeting_id) IS NOT NULL;
    SELECT RAISE(ABORT, 'yicheng:agenda_item_urgent_without_journal')
    WHERE NEW.urgent IS NOT 0
        AND (
            (SELECT closed_on FROM meeting WHERE id = NEW.meeting_id) IS NOT NULL
            OR EXISTS (SELECT 1 FROM agenda_item WHERE clearance_id = NEW.clearance_id)
            OR EXISTS (
                SELECT 1 FROM agenda_item
                WHERE meeting_id = NEW.meeting_id AND matter_id = NEW.matter_id
                    AND concluded IS NOT NULL
            )
            OR NOT EXISTS (
                SELECT 1
                FROM clearance
                JOIN journal ON journal.organisation_id = clearance.organisation_id
                    AND journal.seq = clearance.journal_seq
                JOIN journal_head ON journal_head.organisation_id = journal.organisation_id
                    AND journal_head.seq = journal.seq
                WHERE clearance.id = NEW.clearance_id
                    AND clearance.organisation_id = NEW.organisation_id
                    AND journal.matter_id = NEW.matter_id
                    AND journal.meeting_id = NEW.meeting_id
                    AND journal.command = 'propose_agenda_item' AND journal.status = 'done'
                    AND json_type(journal.body, '$.payload.urgent') = 'object'
            )
        );
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
    -- No clearance serves twice: it is that of the newest entry, for this meeting.
    SELECT RAISE(ABORT, 'yicheng:agenda_item_without_journal')
    WHERE NOT EXISTS (
        SELECT 1
        FROM clearance
        JOIN journal ON journal.organisation_id = clearance.organisation_id
            AND journal.seq = clearance.journal_seq
        JOIN journal_head ON journal_head.organisation_id = journal.organisation_id
            AND journal_head.seq = journal.seq
        WHERE clearance.id = NEW.clearance_id AND journal.meeting_id = NEW.meeting_id
    );
END;

CREATE TRIGGER meeting_insert_cancelled BEFORE INSERT ON meeting
WHEN NEW.cancelled_on IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'yicheng:meeting_cancelled');
END;

DROP TRIGGER record_insert;

-- A record stands on the newest entry, which is that of its act, by the same account, on the same
-- matter and of the version that the act brings: one record for each.
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
        SELECT 1
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = NEW.organisation_id AND journal.status = 'done'
            AND journal.seq = NEW.journal_seq AND journal.command = NEW.command
            AND journal.actor = NEW.actor AND journal.matter_id = NEW.matter_id
            AND journal.matter_version = NEW.position
    );
END;
