-- Acts on retainers follow each other without gaps and stay.  Each is told of by the newest entry of
-- the journal, as it tells it, or was there at the founding.
CREATE FUNCTION yicheng_retainer_record_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM organisation WHERE id = NEW.organisation_id FOR NO KEY UPDATE;
    IF NEW.position <> 1 + (
        SELECT coalesce(max(position), 0) FROM retainer_record
        WHERE organisation_id = NEW.organisation_id
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:retainer_record_out_of_order';
    END IF;
    IF NOT EXISTS (
        SELECT
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = NEW.organisation_id AND journal.status = 'done'
            AND journal.seq = NEW.journal_seq
            AND (
                (journal.command = 'found' AND journal.seq = 1 AND NEW.command = 'file_retainer')
                OR (
                    journal.command = NEW.command
                    AND journal.body::jsonb -> 'payload' = NEW.payload::jsonb
                )
            )
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:retainer_record_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER retainer_record_insert BEFORE INSERT ON retainer_record
FOR EACH ROW EXECUTE FUNCTION yicheng_retainer_record_insert();

CREATE TRIGGER retainer_record_update BEFORE UPDATE ON retainer_record
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('retainer_record_unchangeable');

CREATE TRIGGER retainer_record_delete BEFORE DELETE ON retainer_record
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('retainer_record_undeletable');

CREATE TRIGGER retainer_record_truncate BEFORE TRUNCATE ON retainer_record
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('retainer_record_undeletable');
