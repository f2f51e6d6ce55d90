package dev.gatehouse.authz.mail;

import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.Sealer;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.time.Duration;
import java.util.Optional;

/** Stores mails until the mail server has taken them. */
public final class OutboxStore {

    private static final String INSERT = "INSERT INTO outgoing_mail (mail_id, sealed, attempts, next_at, expires_at) VALUES ($1, $2, 0, $3, $4)";
    private static final String CLAIM = """
        UPDATE outgoing_mail SET attempts = attempts + 1, next_at = $1
        WHERE next_at <= $2 AND mail_id = (SELECT mail_id FROM outgoing_mail WHERE next_at <= $2 AND expires_at > $2 ORDER BY next_at, mail_id LIMIT 1)
        RETURNING mail_id, sealed, attempts, expires_at
        """;
    private static final String REMOVE = "DELETE FROM outgoing_mail WHERE mail_id = $1";
    private static final String POSTPONE = "UPDATE outgoing_mail SET next_at = $1 WHERE mail_id = $2";
    private static final String EXPIRE = "DELETE FROM outgoing_mail WHERE expires_at <= $1 AND next_at <= $1";
    private static final String COUNT = """
        SELECT COUNT(*) AS waiting, COUNT(CASE WHEN next_at <= $1 AND expires_at > $1 THEN 1 END) AS due,
               COUNT(CASE WHEN next_at <= $1 AND expires_at <= $1 THEN 1 END) AS expired FROM outgoing_mail
        """;

    private final Database database;
    private final Sealer sealer;

    public OutboxStore(Database database, MasterKey key) {
        this.database = database;
        this.sealer = key.sealer("outgoing mails");
    }

    Future<Void> add(Mail mail, long now) {
        String id = SecretToken.generate("");
        String content = new JsonObject().put("to", mail.to()).put("subject", mail.subject()).put("text", mail.text()).encode();
        return database.write(statements -> statements.update(INSERT, id, sealer.seal(content, id), now, now + mail.useful().toMillis())).mapEmpty();
    }

    /** Takes the next mail for an attempt. Of several nodes one gets it. @param until the time after which the attempt counts as lost */
    Future<Optional<WaitingMail>> claim(long now, long until) {
        return database.write(statements -> statements.query(CLAIM, until, now)).map(rows -> rows.stream().findFirst().map(row -> read(row, now)));
    }

    private WaitingMail read(SqlRow row, long now) {
        String id = row.text("mail_id");
        JsonObject content = new JsonObject(sealer.open(row.bytes("sealed"), id));
        long left = row.number("expires_at") - now;
        return new WaitingMail(id, new Mail(content.getString("to"), content.getString("subject"), content.getString("text"), Duration.ofMillis(left)), (int) row.number("attempts"));
    }

    Future<Void> remove(String id) {
        return database.write(statements -> statements.update(REMOVE, id)).mapEmpty();
    }

    Future<Void> postpone(String id, long next) {
        return database.write(statements -> statements.update(POSTPONE, next, id)).mapEmpty();
    }

    /** Removes the mails whose time is over and that no node is sending. Returns their number. */
    Future<Integer> expire(long now) {
        return database.write(statements -> statements.update(EXPIRE, now));
    }

    /** Counts the mails. A read, so that an idle server writes nothing. */
    Future<Counts> counts(long now) {
        return database.read(COUNT, now).map(rows -> new Counts(rows.get(0).number("waiting"), rows.get(0).number("due"), rows.get(0).number("expired")));
    }

    /** The numbers of mails. @param waiting all of them @param due those whose next attempt has come @param expired those that {@link #expire} removes */
    record Counts(long waiting, long due, long expired) {
    }

    /** A mail of the outbox. @param attempts with the current one */
    record WaitingMail(String id, Mail mail, int attempts) {
    }
}
