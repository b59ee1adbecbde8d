-- A delivery begins waiting; whose and of what it is stays, its tries only grow, and what has ended
-- stays as it ended.
CREATE FUNCTION yicheng_delivery_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.state <> 'waiting' OR NEW.attempts <> 0 OR NEW.doubtful <> 0 THEN
        RAISE check_violation USING MESSAGE = 'yicheng:delivery_born_ended';
    END IF;
    RETURN NEW;
END;
$$;

CREATE FUNCTION yicheng_delivery_update() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF (NEW.id, NEW.organisation_id, NEW.alert_id, NEW.recipient, NEW.channel, NEW.round,
            NEW.digest, NEW.created_at)
        IS DISTINCT FROM (OLD.id, OLD.organisation_id, OLD.alert_id, OLD.recipient, OLD.channel,
            OLD.round, OLD.digest, OLD.created_at)
        OR (OLD.batch IS NOT NULL AND NEW.batch IS DISTINCT FROM OLD.batch) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:delivery_identity';
    END IF;
    IF OLD.state IN ('sent', 'failed', 'dropped') THEN
        RAISE check_violation USING MESSAGE = 'yicheng:delivery_ended';
    END IF;
    IF NEW.attempts < OLD.attempts OR NEW.doubtful < OLD.doubtful THEN
        RAISE check_violation USING MESSAGE = 'yicheng:delivery_backwards';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER delivery_insert BEFORE INSERT ON delivery
FOR EACH ROW EXECUTE FUNCTION yicheng_delivery_insert();

CREATE TRIGGER delivery_update BEFORE UPDATE ON delivery
FOR EACH ROW EXECUTE FUNCTION yicheng_delivery_update();

CREATE TRIGGER delivery_delete BEFORE DELETE ON delivery
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('delivery_undeletable');

CREATE TRIGGER delivery_truncate BEFORE TRUNCATE ON delivery
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('delivery_undeletable');

-- Each change of what somebody wishes is its next version.
CREATE FUNCTION yicheng_preference_update() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF (NEW.organisation_id, NEW.account) IS DISTINCT FROM (OLD.organisation_id, OLD.account)
        OR NEW.version IS DISTINCT FROM OLD.version + 1 THEN
        RAISE check_violation USING MESSAGE = 'yicheng:preference_version';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER preference_update BEFORE UPDATE ON preference
FOR EACH ROW EXECUTE FUNCTION yicheng_preference_update();

-- A calendar is revoked once, and is nobody else's.
CREATE FUNCTION yicheng_feed_update() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF (NEW.id, NEW.organisation_id, NEW.account, NEW.digest, NEW.created_at)
        IS DISTINCT FROM (OLD.id, OLD.organisation_id, OLD.account, OLD.digest, OLD.created_at) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:feed_identity';
    END IF;
    IF OLD.revoked_at IS NOT NULL THEN
        RAISE check_violation USING MESSAGE = 'yicheng:feed_revoked';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER feed_update BEFORE UPDATE ON feed
FOR EACH ROW EXECUTE FUNCTION yicheng_feed_update();

CREATE TRIGGER feed_delete BEFORE DELETE ON feed
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('feed_undeletable');

CREATE TRIGGER feed_truncate BEFORE TRUNCATE ON feed
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('feed_undeletable');
