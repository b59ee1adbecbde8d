-- Acts on the recurring duties of a year follow each other without gaps, each with the newest entry,
-- which is its own, and stay.
CREATE FUNCTION yicheng_duty_record_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM organisation WHERE id = NEW.organisation_id FOR NO KEY UPDATE;
    IF NEW.position <> 1 + (
        SELECT coalesce(max(position), 0) FROM duty_record
        WHERE organisation_id = NEW.organisation_id AND year = NEW.year
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:duty_record_out_of_order';
    END IF;
    IF NOT EXISTS (
        SELECT FROM yicheng_told(NEW.organisation_id) AS told
        WHERE told.seq = NEW.journal_seq AND told.command = NEW.command
            AND told.actor = NEW.actor AND told.matter_id IS NULL AND told.meeting_id IS NULL
    ) OR EXISTS (
        SELECT FROM duty_record
        WHERE organisation_id = NEW.organisation_id AND journal_seq = NEW.journal_seq
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:duty_record_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER duty_record_insert BEFORE INSERT ON duty_record
FOR EACH ROW EXECUTE FUNCTION yicheng_duty_record_insert();

CREATE TRIGGER duty_record_update BEFORE UPDATE ON duty_record
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('duty_record_unchangeable');

CREATE TRIGGER duty_record_delete BEFORE DELETE ON duty_record
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('duty_record_undeletable');

CREATE TRIGGER duty_record_truncate BEFORE TRUNCATE ON duty_record
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('duty_record_undeletable');
