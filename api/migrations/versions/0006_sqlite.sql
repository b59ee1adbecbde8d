CREATE TRIGGER submission_insert BEFORE INSERT ON submission
BEGIN
    SELECT RAISE(ABORT, 'yicheng:submission_replaced')
    WHERE EXISTS (SELECT 1 FROM submission WHERE id = NEW.id OR receipt = NEW.receipt);
    SELECT RAISE(ABORT, 'yicheng:submission_without_call')
    WHERE NOT EXISTS (
        SELECT 1
        FROM journal
        JOIN record ON record.organisation_id = journal.organisation_id
            AND record.matter_id = journal.matter_id AND record.journal_seq = journal.seq
        WHERE journal.organisation_id = NEW.organisation_id AND journal.seq = NEW.call_seq
            AND journal.matter_id = NEW.matter_id AND journal.status = 'done'
            AND record.command = 'publish_open_call' AND record.step = NEW.step
    );
    SELECT RAISE(ABORT, 'yicheng:submission_taken_in')
    WHERE NEW.taken_in_seq IS NOT NULL OR NEW.number IS NOT NULL;
END;

CREATE TRIGGER submission_update BEFORE UPDATE ON submission
BEGIN
    SELECT RAISE(ABORT, 'yicheng:submission_unchangeable')
    WHERE OLD.taken_in_seq IS NOT NULL OR OLD.late
        OR NEW.taken_in_seq IS NULL OR NEW.number IS NULL OR NEW.number < 1
        OR NEW.id IS NOT OLD.id OR NEW.organisation_id IS NOT OLD.organisation_id
        OR NEW.matter_id IS NOT OLD.matter_id OR NEW.call_seq IS NOT OLD.call_seq
        OR NEW.step IS NOT OLD.step OR NEW.receipt IS NOT OLD.receipt
        OR NEW.text IS NOT OLD.text OR NEW.digest IS NOT OLD.digest
        OR NEW.received_at IS NOT OLD.received_at OR NEW.late IS NOT OLD.late;
    SELECT RAISE(ABORT, 'yicheng:submission_without_journal')
    WHERE NOT EXISTS (
        SELECT 1
        FROM journal_head
        JOIN journal ON journal.organisation_id = journal_head.organisation_id
            AND journal.seq = journal_head.seq
        WHERE journal_head.organisation_id = OLD.organisation_id AND journal.status = 'done'
            AND journal.seq = NEW.taken_in_seq AND journal.command = 'take_in_opinions'
            AND journal.matter_id = OLD.matter_id
    );
END;

CREATE TRIGGER submission_delete BEFORE DELETE ON submission
BEGIN
    SELECT RAISE(ABORT, 'yicheng:submission_undeletable');
END;

CREATE TRIGGER submission_person_insert BEFORE INSERT ON submission_person
BEGIN
    SELECT RAISE(ABORT, 'yicheng:submission_person_replaced')
    WHERE EXISTS (
        SELECT 1 FROM submission_person WHERE submission_id = NEW.submission_id
    );
END;

CREATE TRIGGER submission_person_update BEFORE UPDATE ON submission_person
BEGIN
    SELECT RAISE(ABORT, 'yicheng:submission_person_unchangeable');
END;
