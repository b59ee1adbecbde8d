-- A file comes in staged or in quarantine, and belongs to nothing yet.
CREATE TRIGGER file_insert BEFORE INSERT ON file
FOR EACH ROW WHEN (
    NEW.state NOT IN ('staged', 'quarantined')
    OR NEW.matter_id IS NOT NULL OR NEW.journal_seq IS NOT NULL OR NEW.released_seq IS NOT NULL
)
EXECUTE FUNCTION yicheng_refuse('file_born_attached');

-- It is attached once, or let go of once, or erased; what it is changes with nothing but erasing.
CREATE FUNCTION yicheng_file_update() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF to_jsonb(NEW) - '{state,name,size,algorithm,digest,media,matter_id,journal_seq,released_seq}'::text[]
        <> to_jsonb(OLD) - '{state,name,size,algorithm,digest,media,matter_id,journal_seq,released_seq}'::text[]
        OR (
            NEW.state <> 'erased'
            AND (NEW.name, NEW.size, NEW.algorithm, NEW.digest, NEW.media)
                IS DISTINCT FROM (OLD.name, OLD.size, OLD.algorithm, OLD.digest, OLD.media)
        )
        OR NOT (CASE
            WHEN OLD.state = 'staged' AND NEW.state = 'attached'
            THEN NEW.journal_seq IS NOT NULL AND NEW.released_seq IS NOT DISTINCT FROM OLD.released_seq
            WHEN OLD.state = 'quarantined' AND NEW.state = 'staged'
            THEN NEW.released_seq IS NOT NULL AND NEW.journal_seq IS NULL
            WHEN OLD.state = 'quarantined' AND NEW.state = 'erased'
            THEN NEW.journal_seq IS NOT NULL AND NEW.released_seq IS NULL
            ELSE FALSE
        END)
    THEN
        RAISE check_violation USING MESSAGE = 'yicheng:file_unchangeable';
    END IF;
    IF NOT EXISTS (
        SELECT FROM yicheng_told(OLD.organisation_id) AS told
        WHERE told.seq = coalesce(NEW.journal_seq, NEW.released_seq)
            AND position('"' || OLD.key || '"' IN told.body) > 0
            AND CASE NEW.state
                WHEN 'attached' THEN told.matter_id = NEW.matter_id
                WHEN 'staged' THEN told.command = 'release_quarantine'
                ELSE told.command = 'confirm_quarantine'
            END
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:file_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER file_update BEFORE UPDATE ON file
FOR EACH ROW EXECUTE FUNCTION yicheng_file_update();

-- Only what nobody did anything with yet may be let go of.
CREATE TRIGGER file_delete BEFORE DELETE ON file
FOR EACH ROW WHEN (OLD.state <> 'staged')
EXECUTE FUNCTION yicheng_refuse('file_undeletable');

CREATE TRIGGER file_truncate BEFORE TRUNCATE ON file
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('file_undeletable');

-- A text that was taken out of a file is bound to that file, which the same act attached.
CREATE FUNCTION yicheng_draft_insert_file() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (
        SELECT
        FROM file
        JOIN journal_head ON journal_head.organisation_id = file.organisation_id
            AND journal_head.seq = file.journal_seq
        WHERE file.organisation_id = NEW.organisation_id AND file.matter_id = NEW.matter_id
            AND file.digest = NEW.file_digest AND file.state = 'attached'
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:draft_file';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER draft_insert_file BEFORE INSERT ON draft
FOR EACH ROW WHEN (NEW.file_digest IS NOT NULL)
EXECUTE FUNCTION yicheng_draft_insert_file();
