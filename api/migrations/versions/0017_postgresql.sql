-- Notices on the holidays of a year follow each other without gaps, each with the newest entry, which
-- is its own, and stay.
CREATE FUNCTION yicheng_holiday_record_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM organisation WHERE id = NEW.organisation_id FOR NO KEY UPDATE;
    IF NEW.position <> 1 + (
        SELECT coalesce(max(position), 0) FROM holiday_record
        WHERE organisation_id = NEW.organisation_id AND year = NEW.year
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:holiday_record_out_of_order';
    END IF;
    IF NOT EXISTS (
        SELECT FROM yicheng_told(NEW.organisation_id) AS told
        WHERE told.seq = NEW.journal_seq AND told.command = NEW.command
            AND told.actor = NEW.actor AND told.matter_id IS NULL AND told.meeting_id IS NULL
    ) OR EXISTS (
        SELECT FROM holiday_record
        WHERE organisation_id = NEW.organisation_id AND journal_seq = NEW.journal_seq
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:holiday_record_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER holiday_record_insert BEFORE INSERT ON holiday_record
FOR EACH ROW EXECUTE FUNCTION yicheng_holiday_record_insert();

CREATE TRIGGER holiday_record_update BEFORE UPDATE ON holiday_record
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('holiday_record_unchangeable');

CREATE TRIGGER holiday_record_delete BEFORE DELETE ON holiday_record
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('holiday_record_undeletable');

CREATE TRIGGER holiday_record_truncate BEFORE TRUNCATE ON holiday_record
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('holiday_record_undeletable');
