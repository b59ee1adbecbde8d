-- Acts on retainers follow each other without gaps and stay.  Each is told of by the newest entry of
-- the journal, as it tells it, or was there at the founding.
CREATE TRIGGER retainer_record_insert BEFORE INSERT ON retainer_record
BEGIN
    SELECT RAISE(ABORT, 'yicheng:retainer_record_replaced')
    WHERE EXISTS (SELECT 1 FROM retainer_record WHERE id = NEW.id)
        OR EXISTS (
            SELECT 1 FROM retainer_record
            WHERE organisation_id = NEW.organisation_id AND position = NEW.position
        );
    SELECT RAISE(ABORT, 'yicheng:retainer_record_out_of_order')
    WHERE NEW.position IS NOT 1 + (
        SELECT coalesce(max(position), 0) FROM retainer_record
        WHERE organisation_id = NEW.organisation_id
    );
    SELECT RAISE(ABORT, 'yicheng:retainer_record_without_journal')
    WHERE NOT EXISTS (
        SELECT 1
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = NEW.organisation_id AND journal.status = 'done'
            AND journal.seq = NEW.journal_seq
            AND CASE
                WHEN journal.command = 'found'
                THEN journal.seq = 1 AND NEW.command = 'file_retainer'
                ELSE journal.command = NEW.command
                    AND json_extract(journal.body, '$.payload') = json(NEW.payload)
            END
    );
END;

CREATE TRIGGER retainer_record_update BEFORE UPDATE ON retainer_record
BEGIN
    SELECT RAISE(ABORT, 'yicheng:retainer_record_unchangeable');
END;

CREATE TRIGGER retainer_record_delete BEFORE DELETE ON retainer_record
BEGIN
    SELECT RAISE(ABORT, 'yicheng:retainer_record_undeletable');
END;
