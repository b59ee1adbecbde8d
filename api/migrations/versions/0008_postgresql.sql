-- What a security administrator made to open an account is released by a system administrator, or
-- came from the machine itself; nobody is both.
CREATE FUNCTION yicheng_opener_release_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM one_time_link
        WHERE id = NEW.link_id AND organisation_id = NEW.organisation_id
        UNION ALL
        SELECT FROM external_identity
        WHERE id = NEW.external_id AND organisation_id = NEW.organisation_id
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:opener_release_of_another';
    END IF;
    IF NEW.released_by_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM account
        WHERE id = NEW.released_by_id AND organisation_id = NEW.organisation_id
            AND administrator = 'system' AND disabled_at IS NULL
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:opener_release_not_apart';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER opener_release_insert BEFORE INSERT ON opener_release
FOR EACH ROW EXECUTE FUNCTION yicheng_opener_release_insert();

CREATE TRIGGER opener_release_update BEFORE UPDATE ON opener_release
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('opener_release_unchangeable');

CREATE TRIGGER identity_request_update BEFORE UPDATE ON identity_request
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('identity_request_unchangeable');

DROP TRIGGER one_time_link_delete ON one_time_link;

-- Links are kept as long as the events that tell of them, by the clock of the database.
CREATE FUNCTION yicheng_one_time_link_delete() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM security_head
    WHERE organisation_id = OLD.organisation_id AND OLD.ended_at IS NOT NULL
        AND OLD.ended_at < now() - make_interval(days => retention_days);
    IF NOT FOUND THEN
        RAISE check_violation USING MESSAGE = 'yicheng:one_time_link_kept';
    END IF;
    RETURN OLD;
END;
$$;

CREATE TRIGGER one_time_link_delete BEFORE DELETE ON one_time_link
FOR EACH ROW EXECUTE FUNCTION yicheng_one_time_link_delete();
