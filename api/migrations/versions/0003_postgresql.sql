-- What holds accounts and what opens them against raw SQL on PostgreSQL.  Errors are yicheng:<code>.

-- An account is a person of the directory under the same name, or else nobody of the directory.
CREATE FUNCTION yicheng_account_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.person_id IS NOT NULL THEN
        PERFORM FROM person
        WHERE id = NEW.person_id AND organisation_id = NEW.organisation_id
            AND account = NEW.name;
        IF NOT FOUND THEN
            RAISE check_violation USING MESSAGE = 'yicheng:account_not_person';
        END IF;
    ELSE
        -- Whoever adds a person locks the same, so that neither overlooks the other.
        PERFORM FROM organisation WHERE id = NEW.organisation_id FOR NO KEY UPDATE;
        IF EXISTS (
            SELECT FROM person
            WHERE organisation_id = NEW.organisation_id AND account = NEW.name
        ) THEN
            RAISE check_violation USING MESSAGE = 'yicheng:account_of_person';
        END IF;
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER account_insert BEFORE INSERT ON account
FOR EACH ROW EXECUTE FUNCTION yicheng_account_insert();

CREATE FUNCTION yicheng_person_insert_account() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM organisation WHERE id = NEW.organisation_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM account WHERE organisation_id = NEW.organisation_id AND name = NEW.account
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:person_account_taken';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER person_insert_account BEFORE INSERT ON person
FOR EACH ROW EXECUTE FUNCTION yicheng_person_insert_account();

-- What an account is stays; its version counts every change.
CREATE TRIGGER account_update BEFORE UPDATE ON account
FOR EACH ROW WHEN (
    NEW.id IS DISTINCT FROM OLD.id
    OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id
    OR NEW.name IS DISTINCT FROM OLD.name
    OR NEW.person_id IS DISTINCT FROM OLD.person_id
    OR NEW.administrator IS DISTINCT FROM OLD.administrator
    OR NEW.service IS DISTINCT FROM OLD.service
    OR NEW.created_at IS DISTINCT FROM OLD.created_at
)
EXECUTE FUNCTION yicheng_refuse('account_identity');

CREATE TRIGGER account_update_version BEFORE UPDATE ON account
FOR EACH ROW WHEN (
    NEW.version IS DISTINCT FROM OLD.version + 1
)
EXECUTE FUNCTION yicheng_refuse('account_version');

CREATE TRIGGER account_delete BEFORE DELETE ON account
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('account_undeletable');

CREATE TRIGGER account_truncate BEFORE TRUNCATE ON account
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('account_undeletable');

-- Former passwords stay as they were; the oldest are forgotten.
CREATE TRIGGER former_password_update BEFORE UPDATE ON former_password
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('former_password_unchangeable');

-- A session that ended stays so, and none is seen earlier than it was.
CREATE TRIGGER session_update BEFORE UPDATE ON session
FOR EACH ROW WHEN (
    NEW.id IS DISTINCT FROM OLD.id
    OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id
    OR NEW.account_id IS DISTINCT FROM OLD.account_id
    OR NEW.created_at IS DISTINCT FROM OLD.created_at
    OR NEW.client IS DISTINCT FROM OLD.client
)
EXECUTE FUNCTION yicheng_refuse('session_identity');

CREATE TRIGGER session_update_ended BEFORE UPDATE ON session
FOR EACH ROW WHEN (
    OLD.ended_at IS NOT NULL
)
EXECUTE FUNCTION yicheng_refuse('session_ended');

CREATE TRIGGER session_update_seen BEFORE UPDATE ON session
FOR EACH ROW WHEN (
    NEW.seen_at < OLD.seen_at
)
EXECUTE FUNCTION yicheng_refuse('session_backwards');

CREATE TRIGGER session_delete BEFORE DELETE ON session
FOR EACH ROW WHEN (
    OLD.ended_at IS NULL
)
EXECUTE FUNCTION yicheng_refuse('session_open');

CREATE TRIGGER session_truncate BEFORE TRUNCATE ON session
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('session_open');

-- A link is used or withdrawn once.
CREATE TRIGGER one_time_link_update BEFORE UPDATE ON one_time_link
FOR EACH ROW WHEN (
    NEW.id IS DISTINCT FROM OLD.id
    OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id
    OR NEW.account_id IS DISTINCT FROM OLD.account_id
    OR NEW.digest IS DISTINCT FROM OLD.digest
    OR NEW.purpose IS DISTINCT FROM OLD.purpose
    OR NEW.created_at IS DISTINCT FROM OLD.created_at
    OR NEW.expires_at IS DISTINCT FROM OLD.expires_at
)
EXECUTE FUNCTION yicheng_refuse('one_time_link_unchangeable');

CREATE TRIGGER one_time_link_update_ended BEFORE UPDATE ON one_time_link
FOR EACH ROW WHEN (
    OLD.ended_at IS NOT NULL
)
EXECUTE FUNCTION yicheng_refuse('one_time_link_ended');

CREATE TRIGGER one_time_link_delete BEFORE DELETE ON one_time_link
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('one_time_link_undeletable');

CREATE TRIGGER one_time_link_truncate BEFORE TRUNCATE ON one_time_link
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('one_time_link_undeletable');

-- A token can only be revoked, once.
CREATE TRIGGER service_token_update BEFORE UPDATE ON service_token
FOR EACH ROW WHEN (
    NEW.id IS DISTINCT FROM OLD.id
    OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id
    OR NEW.account_id IS DISTINCT FROM OLD.account_id
    OR NEW.made_by_id IS DISTINCT FROM OLD.made_by_id
    OR NEW.purpose IS DISTINCT FROM OLD.purpose
    OR NEW.digest IS DISTINCT FROM OLD.digest
    OR NEW.scopes::text IS DISTINCT FROM OLD.scopes::text
    OR NEW.created_at IS DISTINCT FROM OLD.created_at
    OR NEW.expires_at IS DISTINCT FROM OLD.expires_at
)
EXECUTE FUNCTION yicheng_refuse('service_token_unchangeable');

CREATE TRIGGER service_token_update_revoked BEFORE UPDATE ON service_token
FOR EACH ROW WHEN (
    OLD.revoked_at IS NOT NULL
)
EXECUTE FUNCTION yicheng_refuse('service_token_revoked');

CREATE TRIGGER service_token_delete BEFORE DELETE ON service_token
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('service_token_undeletable');

CREATE TRIGGER service_token_truncate BEFORE TRUNCATE ON service_token
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('service_token_undeletable');

-- A second factor's last step never goes back, so that no code serves twice.
CREATE TRIGGER second_factor_update BEFORE UPDATE ON second_factor
FOR EACH ROW WHEN (
    NEW.id IS DISTINCT FROM OLD.id
    OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id
    OR NEW.account_id IS DISTINCT FROM OLD.account_id
    OR NEW.secret IS DISTINCT FROM OLD.secret
    OR NEW.created_at IS DISTINCT FROM OLD.created_at
)
EXECUTE FUNCTION yicheng_refuse('second_factor_identity');

CREATE TRIGGER second_factor_update_step BEFORE UPDATE ON second_factor
FOR EACH ROW WHEN (
    OLD.last_step IS NOT NULL AND (NEW.last_step IS NULL OR NEW.last_step < OLD.last_step)
)
EXECUTE FUNCTION yicheng_refuse('second_factor_backwards');

-- Who somebody is elsewhere is linked or unlinked, never rewritten.
CREATE TRIGGER external_identity_update BEFORE UPDATE ON external_identity
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('external_identity_unchangeable');

-- Security events are numbered without gaps, never changed, and kept for the days that were promised.
CREATE TRIGGER security_head_insert BEFORE INSERT ON security_head
FOR EACH ROW WHEN (
    NEW.seq IS DISTINCT FROM 0
)
EXECUTE FUNCTION yicheng_refuse('security_head_not_first');

CREATE TRIGGER security_head_update BEFORE UPDATE ON security_head
FOR EACH ROW WHEN (
    NEW.organisation_id IS DISTINCT FROM OLD.organisation_id
    OR (NEW.seq <> OLD.seq AND NEW.seq <> OLD.seq + 1)
    OR NEW.retention_days < OLD.retention_days
)
EXECUTE FUNCTION yicheng_refuse('security_head_out_of_order');

CREATE TRIGGER security_head_delete BEFORE DELETE ON security_head
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('security_head_undeletable');

CREATE TRIGGER security_head_truncate BEFORE TRUNCATE ON security_head
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('security_head_undeletable');

CREATE FUNCTION yicheng_security_event_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM security_head
    WHERE organisation_id = NEW.organisation_id AND seq = NEW.seq
    FOR UPDATE;
    IF NOT FOUND THEN
        RAISE check_violation USING MESSAGE = 'yicheng:security_event_out_of_order';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER security_event_insert BEFORE INSERT ON security_event
FOR EACH ROW EXECUTE FUNCTION yicheng_security_event_insert();

CREATE TRIGGER security_event_update BEFORE UPDATE ON security_event
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('security_event_unchangeable');

-- By the clock of the database: that of the program could be told anything.
CREATE FUNCTION yicheng_security_event_delete() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM security_head
    WHERE organisation_id = OLD.organisation_id
        AND OLD.at < now() - make_interval(days => retention_days);
    IF NOT FOUND THEN
        RAISE check_violation USING MESSAGE = 'yicheng:security_event_kept';
    END IF;
    RETURN OLD;
END;
$$;

CREATE TRIGGER security_event_delete BEFORE DELETE ON security_event
FOR EACH ROW EXECUTE FUNCTION yicheng_security_event_delete();

CREATE TRIGGER security_event_truncate BEFORE TRUNCATE ON security_event
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('security_event_kept');
