-- What holds accounts and what opens them against raw SQL on SQLite.  RAISE(ABORT, 'yicheng:<code>').
-- An account is a person of the directory under the same name, or else nobody of the directory.
CREATE TRIGGER account_insert BEFORE INSERT ON account
BEGIN
    SELECT RAISE(ABORT, 'yicheng:account_replaced')
    WHERE EXISTS (SELECT 1 FROM account WHERE id = NEW.id)
        OR EXISTS (
            SELECT 1 FROM account
            WHERE organisation_id = NEW.organisation_id
                AND (name = NEW.name OR person_id = NEW.person_id)
        );
    SELECT RAISE(ABORT, 'yicheng:account_not_person')
    WHERE NEW.person_id IS NOT NULL
        AND NOT EXISTS (
            SELECT 1 FROM person
            WHERE id = NEW.person_id AND organisation_id = NEW.organisation_id
                AND account = NEW.name
        );
    SELECT RAISE(ABORT, 'yicheng:account_of_person')
    WHERE NEW.person_id IS NULL
        AND EXISTS (
            SELECT 1 FROM person
            WHERE organisation_id = NEW.organisation_id AND account = NEW.name
        );
END;

CREATE TRIGGER person_insert_account BEFORE INSERT ON person
WHEN EXISTS (
    SELECT 1 FROM account WHERE organisation_id = NEW.organisation_id AND name = NEW.account
)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:person_account_taken');
END;

-- What an account is stays; its version counts every change.
CREATE TRIGGER account_update BEFORE UPDATE ON account
WHEN NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.name IS NOT OLD.name
    OR NEW.person_id IS NOT OLD.person_id
    OR NEW.administrator IS NOT OLD.administrator
    OR NEW.service IS NOT OLD.service
    OR NEW.created_at IS NOT OLD.created_at
BEGIN
    SELECT RAISE(ABORT, 'yicheng:account_identity');
END;

CREATE TRIGGER account_update_version BEFORE UPDATE ON account
WHEN NEW.version IS NOT OLD.version + 1
BEGIN
    SELECT RAISE(ABORT, 'yicheng:account_version');
END;

CREATE TRIGGER account_delete BEFORE DELETE ON account
BEGIN
    SELECT RAISE(ABORT, 'yicheng:account_undeletable');
END;

-- Former passwords stay as they were; the oldest are forgotten.
CREATE TRIGGER former_password_update BEFORE UPDATE ON former_password
BEGIN
    SELECT RAISE(ABORT, 'yicheng:former_password_unchangeable');
END;

CREATE TRIGGER former_password_insert_account BEFORE INSERT ON former_password
WHEN NOT EXISTS (
    SELECT 1 FROM account
    WHERE id = NEW.account_id AND organisation_id = NEW.organisation_id
)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:account_of_another');
END;

CREATE TRIGGER former_password_insert_key BEFORE INSERT ON former_password
WHEN EXISTS (SELECT 1 FROM former_password WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:former_password_replaced');
END;

CREATE TRIGGER session_insert_account BEFORE INSERT ON session
WHEN NOT EXISTS (
    SELECT 1 FROM account
    WHERE id = NEW.account_id AND organisation_id = NEW.organisation_id
)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:account_of_another');
END;

CREATE TRIGGER session_insert_key BEFORE INSERT ON session
WHEN EXISTS (SELECT 1 FROM session WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM session WHERE digest = NEW.digest)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:session_replaced');
END;

-- A session that ended stays so, and none is seen earlier than it was.
CREATE TRIGGER session_update BEFORE UPDATE ON session
WHEN NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.account_id IS NOT OLD.account_id
    OR NEW.created_at IS NOT OLD.created_at
    OR NEW.client IS NOT OLD.client
BEGIN
    SELECT RAISE(ABORT, 'yicheng:session_identity');
END;

CREATE TRIGGER session_update_ended BEFORE UPDATE ON session
WHEN OLD.ended_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'yicheng:session_ended');
END;

CREATE TRIGGER session_update_seen BEFORE UPDATE ON session
WHEN NEW.seen_at < OLD.seen_at
BEGIN
    SELECT RAISE(ABORT, 'yicheng:session_backwards');
END;

CREATE TRIGGER session_delete BEFORE DELETE ON session
WHEN OLD.ended_at IS NULL
BEGIN
    SELECT RAISE(ABORT, 'yicheng:session_open');
END;

CREATE TRIGGER one_time_link_insert_account BEFORE INSERT ON one_time_link
WHEN NOT EXISTS (
    SELECT 1 FROM account
    WHERE id = NEW.account_id AND organisation_id = NEW.organisation_id
)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:account_of_another');
END;

CREATE TRIGGER one_time_link_insert_key BEFORE INSERT ON one_time_link
WHEN EXISTS (SELECT 1 FROM one_time_link WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM one_time_link WHERE digest = NEW.digest)
    OR EXISTS (SELECT 1 FROM one_time_link WHERE account_id = NEW.account_id AND ended_at IS NULL)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:one_time_link_replaced');
END;

-- A link is used or withdrawn once.
CREATE TRIGGER one_time_link_update BEFORE UPDATE ON one_time_link
WHEN NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.account_id IS NOT OLD.account_id
    OR NEW.digest IS NOT OLD.digest
    OR NEW.purpose IS NOT OLD.purpose
    OR NEW.created_at IS NOT OLD.created_at
    OR NEW.expires_at IS NOT OLD.expires_at
BEGIN
    SELECT RAISE(ABORT, 'yicheng:one_time_link_unchangeable');
END;

CREATE TRIGGER one_time_link_update_ended BEFORE UPDATE ON one_time_link
WHEN OLD.ended_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'yicheng:one_time_link_ended');
END;

CREATE TRIGGER one_time_link_delete BEFORE DELETE ON one_time_link
BEGIN
    SELECT RAISE(ABORT, 'yicheng:one_time_link_undeletable');
END;

CREATE TRIGGER service_token_insert_account BEFORE INSERT ON service_token
WHEN NOT EXISTS (
    SELECT 1 FROM account
    WHERE id = NEW.account_id AND organisation_id = NEW.organisation_id
)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:account_of_another');
END;

CREATE TRIGGER service_token_insert_key BEFORE INSERT ON service_token
WHEN EXISTS (SELECT 1 FROM service_token WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM service_token WHERE digest = NEW.digest)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:service_token_replaced');
END;

-- A token can only be revoked, once.
CREATE TRIGGER service_token_update BEFORE UPDATE ON service_token
WHEN NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.account_id IS NOT OLD.account_id
    OR NEW.made_by_id IS NOT OLD.made_by_id
    OR NEW.purpose IS NOT OLD.purpose
    OR NEW.digest IS NOT OLD.digest
    OR NEW.scopes IS NOT OLD.scopes
    OR NEW.created_at IS NOT OLD.created_at
    OR NEW.expires_at IS NOT OLD.expires_at
BEGIN
    SELECT RAISE(ABORT, 'yicheng:service_token_unchangeable');
END;

CREATE TRIGGER service_token_update_revoked BEFORE UPDATE ON service_token
WHEN OLD.revoked_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'yicheng:service_token_revoked');
END;

CREATE TRIGGER service_token_delete BEFORE DELETE ON service_token
BEGIN
    SELECT RAISE(ABORT, 'yicheng:service_token_undeletable');
END;

CREATE TRIGGER second_factor_insert_account BEFORE INSERT ON second_factor
WHEN NOT EXISTS (
    SELECT 1 FROM account
    WHERE id = NEW.account_id AND organisation_id = NEW.organisation_id
)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:account_of_another');
END;

CREATE TRIGGER second_factor_insert_key BEFORE INSERT ON second_factor
WHEN EXISTS (SELECT 1 FROM second_factor WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM second_factor WHERE account_id = NEW.account_id)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:second_factor_replaced');
END;

-- A second factor's last step never goes back, so that no code serves twice.
CREATE TRIGGER second_factor_update BEFORE UPDATE ON second_factor
WHEN NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.account_id IS NOT OLD.account_id
    OR NEW.secret IS NOT OLD.secret
    OR NEW.created_at IS NOT OLD.created_at
BEGIN
    SELECT RAISE(ABORT, 'yicheng:second_factor_identity');
END;

CREATE TRIGGER second_factor_update_step BEFORE UPDATE ON second_factor
WHEN OLD.last_step IS NOT NULL AND (NEW.last_step IS NULL OR NEW.last_step < OLD.last_step)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:second_factor_backwards');
END;

CREATE TRIGGER external_identity_insert_account BEFORE INSERT ON external_identity
WHEN NOT EXISTS (
    SELECT 1 FROM account
    WHERE id = NEW.account_id AND organisation_id = NEW.organisation_id
)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:account_of_another');
END;

CREATE TRIGGER external_identity_insert_key BEFORE INSERT ON external_identity
WHEN EXISTS (SELECT 1 FROM external_identity WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM external_identity WHERE organisation_id = NEW.organisation_id AND issuer = NEW.issuer AND subject = NEW.subject)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:external_identity_replaced');
END;

-- Who somebody is elsewhere is linked or unlinked, never rewritten.
CREATE TRIGGER external_identity_update BEFORE UPDATE ON external_identity
BEGIN
    SELECT RAISE(ABORT, 'yicheng:external_identity_unchangeable');
END;

-- Security events are numbered without gaps, never changed, and kept for the days that were promised.
CREATE TRIGGER security_head_insert BEFORE INSERT ON security_head
WHEN NEW.seq IS NOT 0 OR EXISTS (SELECT 1 FROM security_head WHERE organisation_id = NEW.organisation_id)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:security_head_not_first');
END;

CREATE TRIGGER security_head_update BEFORE UPDATE ON security_head
WHEN NEW.organisation_id IS DISTINCT FROM OLD.organisation_id
    OR (NEW.seq <> OLD.seq AND NEW.seq <> OLD.seq + 1)
    OR NEW.retention_days < OLD.retention_days
BEGIN
    SELECT RAISE(ABORT, 'yicheng:security_head_out_of_order');
END;

CREATE TRIGGER security_head_delete BEFORE DELETE ON security_head
BEGIN
    SELECT RAISE(ABORT, 'yicheng:security_head_undeletable');
END;

CREATE TRIGGER security_event_insert BEFORE INSERT ON security_event
BEGIN
    SELECT RAISE(ABORT, 'yicheng:security_event_replaced')
    WHERE EXISTS (
        SELECT 1 FROM security_event
        WHERE organisation_id = NEW.organisation_id AND seq = NEW.seq
    );
    SELECT RAISE(ABORT, 'yicheng:security_event_out_of_order')
    WHERE NOT EXISTS (
        SELECT 1 FROM security_head
        WHERE organisation_id = NEW.organisation_id AND seq = NEW.seq
    );
END;

CREATE TRIGGER security_event_update BEFORE UPDATE ON security_event
BEGIN
    SELECT RAISE(ABORT, 'yicheng:security_event_unchangeable');
END;

-- By the clock of the database: that of the program could be told anything.
CREATE TRIGGER security_event_delete BEFORE DELETE ON security_event
WHEN NOT EXISTS (
    SELECT 1 FROM security_head
    WHERE organisation_id = OLD.organisation_id
        AND OLD.at < strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || retention_days || ' days')
)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:security_event_kept');
END;
