-- Whether a matter is restricted changes only by the commands that say so, told of last: by the one
-- for that, and, once, by its proposal.
DROP TRIGGER matter_update_restricted;

CREATE TRIGGER matter_update_restricted BEFORE UPDATE ON matter
WHEN NEW.restricted IS NOT OLD.restricted
BEGIN
    SELECT RAISE(ABORT, 'yicheng:matter_restricted_without_journal')
    WHERE NOT EXISTS (
        SELECT 1
        FROM journal_head
        JOIN journal USING (organisation_id, seq)
        WHERE journal_head.organisation_id = OLD.organisation_id AND journal.status = 'done'
            AND journal.matter_id = OLD.id
            AND (journal.command = 'restrict_access' OR journal.command = 'propose' AND NEW.restricted)
    );
END
