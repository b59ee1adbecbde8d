-- Checkpoints follow each other without gaps, each with the digest of the one before, and of an
-- entry that is there as they say it.
CREATE FUNCTION yicheng_checkpoint_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM organisation WHERE id = NEW.organisation_id FOR NO KEY UPDATE;
    IF NEW.number IS DISTINCT FROM 1 + (
        SELECT coalesce(max(number), 0) FROM checkpoint
        WHERE organisation_id = NEW.organisation_id
    ) OR to_jsonb(NEW.number) IS DISTINCT FROM NEW.statement::jsonb -> 'number'
        OR EXISTS (
            SELECT FROM checkpoint
            WHERE organisation_id = NEW.organisation_id AND number = NEW.number - 1
                AND (
                    entry_seq > NEW.entry_seq
                    OR digest IS DISTINCT FROM NEW.statement::jsonb ->> 'previous'
                )
        ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:checkpoint_out_of_order';
    END IF;
    IF NOT EXISTS (
        SELECT FROM journal
        WHERE organisation_id = NEW.organisation_id AND seq = NEW.entry_seq
            AND to_jsonb(seq) = NEW.statement::jsonb -> 'entry'
            AND digest = NEW.statement::jsonb ->> 'digest'
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:checkpoint_of_another_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER checkpoint_insert BEFORE INSERT ON checkpoint
FOR EACH ROW EXECUTE FUNCTION yicheng_checkpoint_insert();

CREATE TRIGGER checkpoint_update BEFORE UPDATE ON checkpoint
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('checkpoint_unchangeable');

CREATE TRIGGER checkpoint_delete BEFORE DELETE ON checkpoint
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('checkpoint_undeletable');

CREATE TRIGGER checkpoint_truncate BEFORE TRUNCATE ON checkpoint
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('checkpoint_undeletable');

-- PostgreSQL knows no SM3: a digest that says it was made by that is left to the audit.
CREATE OR REPLACE FUNCTION yicheng_draft_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM matter
    WHERE id = NEW.matter_id AND organisation_id = NEW.organisation_id
    FOR UPDATE;
    IF NOT FOUND THEN
        RAISE check_violation USING MESSAGE = 'yicheng:draft_organisation';
    END IF;
    IF NOT starts_with(NEW.digest, 'sm3:')
        AND NEW.digest IS DISTINCT FROM encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') THEN
        RAISE check_violation USING MESSAGE = 'yicheng:draft_digest';
    END IF;
    IF NEW.number IS DISTINCT FROM 1 + (
        SELECT coalesce(max(number), 0) FROM draft WHERE matter_id = NEW.matter_id
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:draft_out_of_order';
    END IF;
    IF EXISTS (
        SELECT FROM agenda_item WHERE matter_id = NEW.matter_id AND removed_at IS NULL
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:matter_tabled_text';
    END IF;
    RETURN NEW;
END;
$$;
