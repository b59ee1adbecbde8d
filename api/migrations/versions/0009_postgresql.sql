-- Whether a matter is restricted changes only by the commands that say so, told of last: by the one
-- for that, and, once, by its proposal.
CREATE OR REPLACE FUNCTION yicheng_matter_restricted() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM yicheng_told(OLD.organisation_id) AS told
        WHERE told.matter_id = OLD.id
            AND (told.command = 'restrict_access' OR told.command = 'propose' AND NEW.restricted)
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:matter_restricted_without_journal';
    END IF;
    RETURN NEW;
END;
$$;
