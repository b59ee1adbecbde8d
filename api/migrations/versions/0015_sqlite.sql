-- A delivery begins waiting; whose and of what it is stays, its tries only grow, and what has ended
-- stays as it ended.
CREATE TRIGGER delivery_insert BEFORE INSERT ON delivery
BEGIN
    SELECT RAISE(ABORT, 'yicheng:delivery_replaced')
    WHERE EXISTS (
        SELECT 1 FROM delivery
        WHERE id = NEW.id OR (
            organisation_id = NEW.organisation_id AND alert_id = NEW.alert_id
            AND channel = NEW.channel AND round = NEW.round
        )
    );
    SELECT RAISE(ABORT, 'yicheng:delivery_born_ended')
    WHERE NEW.state IS NOT 'waiting' OR NEW.attempts IS NOT 0 OR NEW.doubtful IS NOT 0;
END;

CREATE TRIGGER delivery_update BEFORE UPDATE ON delivery
BEGIN
    SELECT RAISE(ABORT, 'yicheng:delivery_identity')
    WHERE NEW.id IS NOT OLD.id OR NEW.organisation_id IS NOT OLD.organisation_id
        OR NEW.alert_id IS NOT OLD.alert_id OR NEW.recipient IS NOT OLD.recipient
        OR NEW.channel IS NOT OLD.channel OR NEW.round IS NOT OLD.round
        OR NEW.digest IS NOT OLD.digest OR NEW.created_at IS NOT OLD.created_at
        OR (OLD.batch IS NOT NULL AND NEW.batch IS NOT OLD.batch);
    SELECT RAISE(ABORT, 'yicheng:delivery_ended')
    WHERE OLD.state IN ('sent', 'failed', 'dropped');
    SELECT RAISE(ABORT, 'yicheng:delivery_backwards')
    WHERE NEW.attempts < OLD.attempts OR NEW.doubtful < OLD.doubtful;
END;

CREATE TRIGGER delivery_delete BEFORE DELETE ON delivery
BEGIN
    SELECT RAISE(ABORT, 'yicheng:delivery_undeletable');
END;

-- Each change of what somebody wishes is its next version.
CREATE TRIGGER preference_insert BEFORE INSERT ON preference
BEGIN
    SELECT RAISE(ABORT, 'yicheng:preference_replaced')
    WHERE EXISTS (
        SELECT 1 FROM preference
        WHERE organisation_id = NEW.organisation_id AND account = NEW.account
    );
END;

CREATE TRIGGER preference_update BEFORE UPDATE ON preference
BEGIN
    SELECT RAISE(ABORT, 'yicheng:preference_version')
    WHERE NEW.organisation_id IS NOT OLD.organisation_id OR NEW.account IS NOT OLD.account
        OR NEW.version IS NOT OLD.version + 1;
END;

-- A calendar is revoked once, and is nobody else's.
CREATE TRIGGER feed_insert BEFORE INSERT ON feed
BEGIN
    SELECT RAISE(ABORT, 'yicheng:feed_replaced')
    WHERE EXISTS (SELECT 1 FROM feed WHERE id = NEW.id OR digest = NEW.digest);
END;

CREATE TRIGGER feed_update BEFORE UPDATE ON feed
BEGIN
    SELECT RAISE(ABORT, 'yicheng:feed_identity')
    WHERE NEW.id IS NOT OLD.id OR NEW.organisation_id IS NOT OLD.organisation_id
        OR NEW.account IS NOT OLD.account OR NEW.digest IS NOT OLD.digest
        OR NEW.created_at IS NOT OLD.created_at;
    SELECT RAISE(ABORT, 'yicheng:feed_revoked') WHERE OLD.revoked_at IS NOT NULL;
END;

CREATE TRIGGER feed_delete BEFORE DELETE ON feed
BEGIN
    SELECT RAISE(ABORT, 'yicheng:feed_undeletable');
END;
