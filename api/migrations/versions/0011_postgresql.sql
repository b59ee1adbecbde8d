-- From which entry on acts are signed is settled once: at the founding, or when signing came in.
CREATE TRIGGER organisation_update_signs_from BEFORE UPDATE ON organisation
FOR EACH ROW WHEN (NEW.signs_from IS DISTINCT FROM OLD.signs_from)
EXECUTE FUNCTION yicheng_refuse('organisation_signs_from');

-- A key is made by the signed act of its person, of which the newest entry tells.
CREATE FUNCTION yicheng_signing_key_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.ended_at IS NOT NULL OR NOT EXISTS (
        SELECT
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        JOIN person ON person.id = NEW.person_id
            AND person.organisation_id = NEW.organisation_id
        WHERE journal_head.organisation_id = NEW.organisation_id AND journal.status = 'done'
            AND journal.actor = person.account
            AND journal.body::jsonb -> 'signature' ->> 'key' = NEW.fingerprint
            AND journal.body::jsonb -> 'signature' ->> 'public' = NEW.public
            AND journal.body::jsonb -> 'signature' ->> 'algorithm' = NEW.algorithm
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:signing_key_without_journal';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER signing_key_insert BEFORE INSERT ON signing_key
FOR EACH ROW EXECUTE FUNCTION yicheng_signing_key_insert();

-- Only its end is written, once.
CREATE TRIGGER signing_key_update BEFORE UPDATE ON signing_key
FOR EACH ROW WHEN (
    OLD.ended_at IS NOT NULL
    OR NEW.ended_at IS NULL
    OR (NEW.id, NEW.organisation_id, NEW.person_id, NEW.fingerprint, NEW.algorithm, NEW.public,
        NEW.held, NEW.made_at)
    IS DISTINCT FROM
    (OLD.id, OLD.organisation_id, OLD.person_id, OLD.fingerprint, OLD.algorithm, OLD.public,
        OLD.held, OLD.made_at)
)
EXECUTE FUNCTION yicheng_refuse('signing_key_unchangeable');

CREATE TRIGGER signing_key_delete BEFORE DELETE ON signing_key
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('signing_key_undeletable');

CREATE TRIGGER signing_key_truncate BEFORE TRUNCATE ON signing_key
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('signing_key_undeletable');

-- A signature is on a record of the newest entry, which tells of it, with the open key of its actor.
CREATE FUNCTION yicheng_signature_insert() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (
        SELECT
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        JOIN record ON record.organisation_id = journal.organisation_id
            AND record.journal_seq = journal.seq
        WHERE journal_head.organisation_id = NEW.organisation_id AND journal.status = 'done'
            AND journal.seq = NEW.journal_seq
            AND record.matter_id = NEW.matter_id AND record.position = NEW.position
            AND journal.body::jsonb -> 'signature' ->> 'value' = NEW.value
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:signature_without_journal';
    END IF;
    IF NOT EXISTS (
        SELECT
        FROM signing_key
        JOIN person ON person.id = signing_key.person_id
        JOIN record ON record.matter_id = NEW.matter_id AND record.position = NEW.position
        WHERE signing_key.id = NEW.key_id AND signing_key.organisation_id = NEW.organisation_id
            AND signing_key.ended_at IS NULL AND person.account = record.actor
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:signature_of_another';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER signature_insert BEFORE INSERT ON signature
FOR EACH ROW EXECUTE FUNCTION yicheng_signature_insert();

CREATE TRIGGER signature_update BEFORE UPDATE ON signature
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('signature_unchangeable');

CREATE TRIGGER signature_delete BEFORE DELETE ON signature
FOR EACH ROW EXECUTE FUNCTION yicheng_refuse('signature_undeletable');

CREATE TRIGGER signature_truncate BEFORE TRUNCATE ON signature
FOR EACH STATEMENT EXECUTE FUNCTION yicheng_refuse('signature_undeletable');

-- Nothing is cleared by a verdict that is not signed, once verdicts are.
CREATE FUNCTION yicheng_clearance_signature() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (
        SELECT
        FROM review
        JOIN record ON record.matter_id = review.matter_id AND record.position = review.position
        JOIN organisation ON organisation.id = review.organisation_id
        WHERE review.id = NEW.review_id AND review.matter_id = NEW.matter_id
            AND record.journal_seq >= organisation.signs_from
            AND NOT EXISTS (
                SELECT FROM signature
                WHERE signature.matter_id = review.matter_id
                    AND signature.position = review.position
            )
    ) THEN
        RAISE check_violation USING MESSAGE = 'yicheng:clearance_without_signature';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER clearance_insert_signature BEFORE INSERT ON clearance
FOR EACH ROW EXECUTE FUNCTION yicheng_clearance_signature();
