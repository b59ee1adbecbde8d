-- What a security administrator made to open an account is released by a system administrator, or
-- came from the machine itself; nobody is both.
CREATE TRIGGER opener_release_insert BEFORE INSERT ON opener_release
BEGIN
    SELECT RAISE(ABORT, 'yicheng:opener_release_replaced')
    WHERE EXISTS (SELECT 1 FROM opener_release WHERE id = NEW.id)
        OR EXISTS (
            SELECT 1 FROM opener_release
            WHERE link_id = NEW.link_id OR external_id = NEW.external_id
        );
    SELECT RAISE(ABORT, 'yicheng:opener_release_of_another')
    WHERE NOT EXISTS (
        SELECT 1 FROM one_time_link
        WHERE id = NEW.link_id AND organisation_id = NEW.organisation_id
        UNION ALL
        SELECT 1 FROM external_identity
        WHERE id = NEW.external_id AND organisation_id = NEW.organisation_id
    );
    SELECT RAISE(ABORT, 'yicheng:opener_release_not_apart')
    WHERE NEW.released_by_id IS NOT NULL
        AND NOT EXISTS (
            SELECT 1 FROM account
            WHERE id = NEW.released_by_id AND organisation_id = NEW.organisation_id
                AND administrator = 'system' AND disabled_at IS NULL
        );
END;

CREATE TRIGGER opener_release_update BEFORE UPDATE ON opener_release
BEGIN
    SELECT RAISE(ABORT, 'yicheng:opener_release_unchangeable');
END;

CREATE TRIGGER sign_in_source_insert_account BEFORE INSERT ON sign_in_source
WHEN NOT EXISTS (
    SELECT 1 FROM account
    WHERE id = NEW.account_id AND organisation_id = NEW.organisation_id
)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:account_of_another');
END;

CREATE TRIGGER identity_request_insert_key BEFORE INSERT ON identity_request
WHEN EXISTS (
    SELECT 1 FROM identity_request
    WHERE organisation_id = NEW.organisation_id AND key = NEW.key
)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:identity_request_replaced');
END;

CREATE TRIGGER identity_request_update BEFORE UPDATE ON identity_request
BEGIN
    SELECT RAISE(ABORT, 'yicheng:identity_request_unchangeable');
END;

DROP TRIGGER one_time_link_delete;

-- Links are kept as long as the events that tell of them, by the clock of the database.
CREATE TRIGGER one_time_link_delete BEFORE DELETE ON one_time_link
WHEN NOT EXISTS (
    SELECT 1 FROM security_head
    WHERE organisation_id = OLD.organisation_id AND OLD.ended_at IS NOT NULL
        AND OLD.ended_at < strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || retention_days || ' days')
)
BEGIN
    SELECT RAISE(ABORT, 'yicheng:one_time_link_kept');
END;
