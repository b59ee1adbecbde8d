-- From which entry on acts are signed is settled once: at the founding, or when signing came in.
CREATE TRIGGER organisation_update_signs_from BEFORE UPDATE ON organisation
WHEN NEW.signs_from IS NOT OLD.signs_from
BEGIN
    SELECT RAISE(ABORT, 'yicheng:organisation_signs_from');
END;

-- A key is made by the signed act of its person, of which the newest entry tells.
CREATE TRIGGER signing_key_insert BEFORE INSERT ON signing_key
BEGIN
    SELECT RAISE(ABORT, 'yicheng:signing_key_replaced')
    WHERE EXISTS (SELECT 1 FROM signing_key WHERE id = NEW.id)
        OR EXISTS (
            SELECT 1 FROM signing_key
            WHERE organisation_id = NEW.organisation_id AND fingerprint = NEW.fingerprint
        )
        OR EXISTS (
            SELECT 1 FROM signing_key
            WHERE person_id = NEW.person_id AND ended_at IS NULL AND NEW.ended_at IS NULL
        );
    SELECT RAISE(ABORT, 'yicheng:signing_key_without_journal')
    WHERE NEW.ended_at IS NOT NULL
        OR NOT EXISTS (
            SELECT 1
            FROM journal_head
            JOIN journal USING (organisation_id, seq)
            JOIN person ON person.id = NEW.person_id
                AND person.organisation_id = NEW.organisation_id
            WHERE journal_head.organisation_id = NEW.organisation_id AND journal.status = 'done'
                AND journal.actor = person.account
                AND json_extract(journal.body, '$.signature.key') = NEW.fingerprint
                AND json_extract(journal.body, '$.signature.public') = NEW.public
                AND json_extract(journal.body, '$.signature.algorithm') = NEW.algorithm
        );
END;

-- Only its end is written, once.
CREATE TRIGGER signing_key_update BEFORE UPDATE ON signing_key
WHEN OLD.ended_at IS NOT NULL
    OR NEW.ended_at IS NULL
    OR NEW.id IS NOT OLD.id
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.person_id IS NOT OLD.person_id
    OR NEW.fingerprint IS NOT OLD.fingerprint
    OR NEW.algorithm IS NOT OLD.algorithm
    OR NEW.public IS NOT OLD.public
    OR NEW.held IS NOT OLD.held
    OR NEW.made_at IS NOT OLD.made_at
BEGIN
    SELECT RAISE(ABORT, 'yicheng:signing_key_unchangeable');
END;

CREATE TRIGGER signing_key_delete BEFORE DELETE ON signing_key
BEGIN
    SELECT RAISE(ABORT, 'yicheng:signing_key_undeletable');
END;

-- A signature is on a record of the newest entry, which tells of it, with the open key of its actor.
CREATE TRIGGER signature_insert BEFORE INSERT ON signature
BEGIN
    SELECT RAISE(ABORT, 'yicheng:signature_replaced')
    WHERE EXISTS (SELECT 1 FROM signature WHERE id = NEW.id)
        OR EXISTS (
            SELECT 1 FROM signature WHERE matter_id = NEW.matter_id AND position = NEW.position
        );
    SELECT RAISE(ABORT, 'yicheng:signature_without_journal')
    WHERE NOT EXISTS (
        SELECT 1
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        JOIN record ON record.organisation_id = journal.organisation_id
            AND record.journal_seq = journal.seq
        WHERE journal_head.organisation_id = NEW.organisation_id AND journal.status = 'done'
            AND journal.seq = NEW.journal_seq
            AND record.matter_id = NEW.matter_id AND record.position = NEW.position
            AND json_extract(journal.body, '$.signature.value') = NEW.value
    );
    SELECT RAISE(ABORT, 'yicheng:signature_of_another')
    WHERE NOT EXISTS (
        SELECT 1
        FROM signing_key
        JOIN person ON person.id = signing_key.person_id
        JOIN record ON record.matter_id = NEW.matter_id AND record.position = NEW.position
        WHERE signing_key.id = NEW.key_id AND signing_key.organisation_id = NEW.organisation_id
            AND signing_key.ended_at IS NULL AND person.account = record.actor
    );
END;

CREATE TRIGGER signature_update BEFORE UPDATE ON signature
BEGIN
    SELECT RAISE(ABORT, 'yicheng:signature_unchangeable');
END;

CREATE TRIGGER signature_delete BEFORE DELETE ON signature
BEGIN
    SELECT RAISE(ABORT, 'yicheng:signature_undeletable');
END;

-- Nothing is cleared by a verdict that is not signed, once verdicts are.
CREATE TRIGGER clearance_insert_signature BEFORE INSERT ON clearance
BEGIN
    SELECT RAISE(ABORT, 'yicheng:clearance_without_signature')
    WHERE EXISTS (
        SELECT 1
        FROM review
        JOIN record ON record.matter_id = review.matter_id AND record.position = review.position
        JOIN organisation ON organisation.id = review.organisation_id
        WHERE review.id = NEW.review_id AND review.matter_id = NEW.matter_id
            AND record.journal_seq >= organisation.signs_from
            AND NOT EXISTS (
                SELECT 1 FROM signature
                WHERE signature.matter_id = review.matter_id
                    AND signature.position = review.position
            )
    );
END;
