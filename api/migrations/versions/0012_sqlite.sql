-- A file comes in staged or in quarantine, and belongs to nothing yet.
CREATE TRIGGER file_insert BEFORE INSERT ON file
BEGIN
    SELECT RAISE(ABORT, 'yicheng:file_replaced')
    WHERE EXISTS (SELECT 1 FROM file WHERE id = NEW.id OR key = NEW.key)
        OR EXISTS (
            SELECT 1 FROM file
            WHERE organisation_id = NEW.organisation_id AND request_key = NEW.request_key
        );
    SELECT RAISE(ABORT, 'yicheng:file_born_attached')
    WHERE NEW.state NOT IN ('staged', 'quarantined')
        OR NEW.matter_id IS NOT NULL OR NEW.journal_seq IS NOT NULL
        OR NEW.released_seq IS NOT NULL;
END;

-- It is attached once, or let go of once, or erased; what it is changes with nothing but erasing.
CREATE TRIGGER file_update BEFORE UPDATE ON file
BEGIN
    SELECT RAISE(ABORT, 'yicheng:file_unchangeable')
    WHERE NEW.id IS NOT OLD.id OR NEW.organisation_id IS NOT OLD.organisation_id
        OR NEW.key IS NOT OLD.key OR NEW.uploader IS NOT OLD.uploader
        OR NEW.staged_at IS NOT OLD.staged_at OR NEW.request_key IS NOT OLD.request_key
        OR NEW.searched IS NOT OLD.searched OR NEW.level IS NOT OLD.level
        OR (
            NEW.state <> 'erased' AND (
                NEW.name IS NOT OLD.name OR NEW.size IS NOT OLD.size
                OR NEW.algorithm IS NOT OLD.algorithm OR NEW.digest IS NOT OLD.digest
                OR NEW.media IS NOT OLD.media
            )
        )
        OR NOT CASE
            WHEN OLD.state = 'staged' AND NEW.state = 'attached'
            THEN NEW.journal_seq IS NOT NULL AND NEW.released_seq IS OLD.released_seq
            WHEN OLD.state = 'quarantined' AND NEW.state = 'staged'
            THEN NEW.released_seq IS NOT NULL AND NEW.journal_seq IS NULL
            WHEN OLD.state = 'quarantined' AND NEW.state = 'erased'
            THEN NEW.journal_seq IS NOT NULL AND NEW.released_seq IS NULL
            ELSE 0
        END;
    SELECT RAISE(ABORT, 'yicheng:file_without_journal')
    WHERE NOT EXISTS (
        SELECT 1
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = OLD.organisation_id AND journal.status = 'done'
            AND journal.seq = coalesce(NEW.journal_seq, NEW.released_seq)
            AND instr(journal.body, '"' || OLD.key || '"') > 0
            AND CASE NEW.state
                WHEN 'attached' THEN journal.matter_id = NEW.matter_id
                WHEN 'staged' THEN journal.command = 'release_quarantine'
                ELSE journal.command = 'confirm_quarantine'
            END
    );
END;

-- Only what nobody did anything with yet may be let go of.
CREATE TRIGGER file_delete BEFORE DELETE ON file
WHEN OLD.state <> 'staged'
BEGIN
    SELECT RAISE(ABORT, 'yicheng:file_undeletable');
END;

-- A text that was taken out of a file is bound to that file, which the same act attached.
CREATE TRIGGER draft_insert_file BEFORE INSERT ON draft
WHEN NEW.file_digest IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'yicheng:draft_file')
    WHERE NOT EXISTS (
        SELECT 1
        FROM file
        JOIN journal_head ON journal_head.organisation_id = file.organisation_id
            AND journal_head.seq = file.journal_seq
        WHERE file.organisation_id = NEW.organisation_id AND file.matter_id = NEW.matter_id
            AND file.digest = NEW.file_digest AND file.state = 'attached'
    );
END;
