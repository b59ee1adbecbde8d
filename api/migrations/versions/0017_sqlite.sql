-- Notices on the holidays of a year follow each other without gaps, each with the newest entry, which
-- is its own, and stay.
CREATE TRIGGER holiday_record_insert BEFORE INSERT ON holiday_record
BEGIN
    SELECT RAISE(ABORT, 'yicheng:holiday_record_replaced')
    WHERE EXISTS (SELECT 1 FROM holiday_record WHERE id = NEW.id)
        OR EXISTS (
            SELECT 1 FROM holiday_record
            WHERE organisation_id = NEW.organisation_id
                AND year = NEW.year AND position = NEW.position
        );
    SELECT RAISE(ABORT, 'yicheng:holiday_record_out_of_order')
    WHERE NEW.position IS NOT 1 + (
        SELECT coalesce(max(position), 0) FROM holiday_record
        WHERE organisation_id = NEW.organisation_id AND year = NEW.year
    );
    SELECT RAISE(ABORT, 'yicheng:holiday_record_without_journal')
    WHERE NOT EXISTS (
        SELECT 1
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = NEW.organisation_id AND journal.status = 'done'
            AND journal.seq = NEW.journal_seq AND journal.command = NEW.command
            AND journal.actor = NEW.actor
            AND journal.matter_id IS NULL AND journal.meeting_id IS NULL
    ) OR EXISTS (
        SELECT 1 FROM holiday_record
        WHERE organisation_id = NEW.organisation_id AND journal_seq = NEW.journal_seq
    );
END;

CREATE TRIGGER holiday_record_update BEFORE UPDATE ON holiday_record
BEGIN
    SELECT RAISE(ABORT, 'yicheng:holiday_record_unchangeable');
END;

CREATE TRIGGER holiday_record_delete BEFORE DELETE ON holiday_record
BEGIN
    SELECT RAISE(ABORT, 'yicheng:holiday_record_undeletable');
END;
