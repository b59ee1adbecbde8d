-- What holds the public's opinions against raw SQL on PostgreSQL.  Errors are yicheng:<code>.

-- An opinion answers a notice of its organisation, on the matter of the notice, and begins untaken.
-- No row is locked: whoever sends an opinion in waits for nobody's work on the matter.
CREATE FUNCTION yicheng_submission_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM journal
        JOIN record ON record.organisation_id = journal.organisation_id
            AND record.matter_id = journal.matter_id AND record.journal_seq = journal.seq
        WHERE journal.organisation_id = NEW.organisation_id AND journal.seq = NEW.call_seq
            AND journal.matter_id = NEW.matter_id AND journal.status = 'done'
            AND record.command = 'publish_open_call' AND record.step = NEW.step
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:submission_without_call';
    END IF;
    IF NEW.taken_in_seq IS NOT NULL OR NEW.number IS NOT NULL THEN
        RAISE check_violation USING MESSAGE = 'yicheng:submission_taken_in';
    END IF;
    IF NEW.digest <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') THEN
        RAISE check_violation USING MESSAGE = 'yicheng:submission_digest';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER submission_insert BEFORE INSERT ON submission
FOR EACH ROW EXECUTE FUNCTION yicheng_submission_insert();

-- Afterwards only that it was taken in can be written: once, with its number, by the newest entry.
CREATE TRIGGER submission_update BEFORE UPDATE ON submission
FOR EACH ROW WHEN (
    OLD.taken_in_seq IS NOT NULL OR OLD.late
    OR NEW.taken_in_seq IS NULL OR NEW.number IS NULL OR NEW.number < 1
    OR to_jsonb(NEW) - 'taken_in_seq' - 'number' <> to_jsonb(OLD) - 'taken_in_seq' - 'number'
)
EXECUTE FUNCTION yicheng_refuse('submission_unchangeable');

CREATE FUNCTION yicheng_submission_take_in() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM yicheng_told(OLD.organisation_id) AS told
        WHERE told.seq = NEW.taken_in_seq AND told.command = 'take_in_opinions'
            AND told.matter_id = OLD.matter_id
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:submission_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER submission_update_journal BEFORE UPDATE ON submission
FOR EACH ROW EXECUTE FUNCTION yicheng_submission_take_in();

CREATE TRIGGER submission_delete BEFORE DELETE ON submission
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('submission_undeletable');

CREATE TRIGGER submission_truncate BEFORE TRUNCATE ON submission
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('submission_undeletable');

-- Who sent it in may be deleted, and never rewritten.
CREATE TRIGGER submission_person_update BEFORE UPDATE ON submission_person
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('submission_person_unchangeable');
