-- What holds reading rights against raw SQL on PostgreSQL.  Errors are yicheng:<code>.

-- Whether a matter is restricted changes only by the command that says so, told of last.
CREATE FUNCTION yicheng_matter_restricted() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM yicheng_told(OLD.organisation_id) AS told
        WHERE told.matter_id = OLD.id AND told.command = 'restrict_access'
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:matter_restricted_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER matter_update_restricted BEFORE UPDATE ON matter
FOR EACH ROW WHEN (NEW.restricted IS DISTINCT FROM OLD.restricted)
EXECUTE FUNCTION yicheng_matter_restricted();

CREATE TRIGGER matter_insert_restricted BEFORE INSERT ON matter
FOR EACH ROW WHEN (NEW.restricted)
EXECUTE FUNCTION yicheng_refuse('matter_restricted_without_journal');

-- The parties to a matter change only with an act on it, of which the newest entry tells.
CREATE FUNCTION yicheng_matter_party() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    party matter_party := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF NOT EXISTS (
        SELECT FROM yicheng_told(party.organisation_id) AS told
        WHERE told.matter_id = party.matter_id
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:matter_party_without_journal';
    END IF;
    RETURN party;
END;
$$;

CREATE TRIGGER matter_party_insert BEFORE INSERT OR DELETE ON matter_party
FOR EACH ROW EXECUTE FUNCTION yicheng_matter_party();

CREATE TRIGGER matter_party_update BEFORE UPDATE ON matter_party
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('matter_party_unchangeable');

CREATE TRIGGER matter_party_truncate BEFORE TRUNCATE ON matter_party
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('matter_party_unchangeable');
