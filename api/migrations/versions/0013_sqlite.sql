-- Checkpoints follow each other without gaps, each with the digest of the one before, and of an
-- entry that is there as they say it.
CREATE TRIGGER checkpoint_insert BEFORE INSERT ON checkpoint
BEGIN
    SELECT RAISE(ABORT, 'yicheng:checkpoint_replaced')
    WHERE EXISTS (
        SELECT 1 FROM checkpoint
        WHERE organisation_id = NEW.organisation_id AND number = NEW.number
    ) OR EXISTS (SELECT 1 FROM checkpoint WHERE rowid = NEW.rowid);
    SELECT RAISE(ABORT, 'yicheng:checkpoint_out_of_order')
    WHERE NEW.number IS NOT 1 + (
        SELECT coalesce(max(number), 0) FROM checkpoint
        WHERE organisation_id = NEW.organisation_id
    ) OR NEW.number IS NOT json_extract(NEW.statement, '$.number')
        OR EXISTS (
            SELECT 1 FROM checkpoint
            WHERE organisation_id = NEW.organisation_id AND number = NEW.number - 1
                AND (
                    entry_seq > NEW.entry_seq
                    OR digest IS NOT json_extract(NEW.statement, '$.previous')
                )
        );
    SELECT RAISE(ABORT, 'yicheng:checkpoint_of_another_journal')
    WHERE NOT EXISTS (
        SELECT 1 FROM journal
        WHERE organisation_id = NEW.organisation_id AND seq = NEW.entry_seq
            AND seq = json_extract(NEW.statement, '$.entry')
            AND digest = json_extract(NEW.statement, '$.digest')
    );
END;

CREATE TRIGGER checkpoint_update BEFORE UPDATE ON checkpoint
BEGIN
    SELECT RAISE(ABORT, 'yicheng:checkpoint_unchangeable');
END;

CREATE TRIGGER checkpoint_delete BEFORE DELETE ON checkpoint
BEGIN
    SELECT RAISE(ABORT, 'yicheng:checkpoint_undeletable');
END;
