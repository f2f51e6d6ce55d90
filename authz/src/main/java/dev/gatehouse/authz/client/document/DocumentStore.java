package dev.gatehouse.authz.client.document;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.change.InvalidationStore;
import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.ClientStore;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import io.vertx.core.Future;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Stores the consented versions of client ID metadata documents and the operator's decisions. */
public final class DocumentStore {

    private static final String FIND = """
        SELECT entity_tag, fetched_at, consented_at, decision
        FROM (SELECT CAST($1 AS TEXT) AS url) AS asked
        LEFT JOIN client_document ON client_document.client_id = asked.url
        LEFT JOIN document_decision ON document_decision.document_url = asked.url
        """;
    private static final String URLS = """
        SELECT client_id AS url FROM client_document UNION SELECT document_url AS url FROM document_decision ORDER BY url
        """;
    private static final String KEEP_CLIENT = """
        INSERT INTO client (client_id, name, auth_methods, redirect_uris, grant_types, scopes, served_resources, created_at,
                            kind, metadata, policy)
        VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, $9, '{}')
        ON CONFLICT (client_id) DO UPDATE
        SET name = excluded.name, auth_methods = excluded.auth_methods, redirect_uris = excluded.redirect_uris,
            grant_types = excluded.grant_types, scopes = excluded.scopes, metadata = excluded.metadata
        """;
    private static final String KEEP_VERSION = """
        INSERT INTO client_document (client_id, entity_tag, fetched_at, consented_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (client_id) DO UPDATE
        SET entity_tag = excluded.entity_tag, fetched_at = excluded.fetched_at, consented_at = excluded.consented_at
        """;
    private static final String DECIDE = """
        INSERT INTO document_decision (document_url, decision, decided_at) VALUES ($1, $2, $3)
        ON CONFLICT (document_url) DO UPDATE SET decision = excluded.decision, decided_at = excluded.decided_at
        """;
    private static final String UNDECIDE = "DELETE FROM document_decision WHERE document_url = $1";

    private final Database database;
    private final ClientStore clients;

    public DocumentStore(Database database) {
        this.database = database;
        this.clients = new ClientStore(database);
    }

    /** The stored data of a document; {@link StoredDocument#unknown} for a new one. */
    public Future<StoredDocument> find(String url) {
        return database.read(FIND, url).compose(rows -> stored(url, rows.get(0)));
    }

    private Future<StoredDocument> stored(String url, SqlRow row) {
        String decided = row.text("decision");
        DocumentDecision decision = decided == null ? DocumentDecision.NONE : DocumentDecision.of(decided);
        Long fetchedAt = row.numberOrNull("fetched_at");
        return fetchedAt == null ? Future.succeededFuture(new StoredDocument(url, decision, null, null, 0, 0))
            : clients.find(url).map(client -> new StoredDocument(url, decision, client.orElse(null), row.text("entity_tag"),
                fetchedAt, row.number("consented_at")));
    }

    /** Returns all documents with a consent or a decision, by URL. */
    public Future<List<StoredDocument>> list() {
        return database.read(URLS).compose(rows -> {
            Future<List<StoredDocument>> all = Future.succeededFuture(new ArrayList<>());
            for (SqlRow row : rows) {
                all = all.compose(found -> find(row.text("url")).onSuccess(found::add).map(found));
            }
            return all;
        });
    }

    /**
     * Stores the current version of a client, replacing an earlier one.
     *
     * @param fetchedAt when that version was fetched, epoch milliseconds
     * @param at now, epoch milliseconds
     */
    public Future<Void> keep(Client client, String entityTag, long fetchedAt, long at) {
        return database.write(statements -> statements.update(KEEP_CLIENT, client.id(), client.name(),
                SpaceSeparated.write(client.authMethods().stream().map(ClientAuthMethod::wireName).sorted().toList()),
                SpaceSeparated.write(client.redirectUris()), SpaceSeparated.write(client.grantTypes().stream().sorted().toList()),
                client.scopes().toString(), client.createdAt(), client.kind().wireName(), client.metadata().members().encode())
            .compose(kept -> statements.update(KEEP_VERSION, client.id(), entityTag, fetchedAt, at))).mapEmpty();
    }

    /** Records a decision. Blocking a document revokes all grants of the client. */
    public Future<Void> decide(String url, DocumentDecision decision, long at) {
        return database.write(statements -> (decision == DocumentDecision.NONE ? statements.update(UNDECIDE, url)
                : statements.update(DECIDE, url, decision.wireName(), at))
            .compose(decided -> decision == DocumentDecision.BLOCKED
                ? ClientStore.end(statements, url, at).<Void>mapEmpty()
                : InvalidationStore.announce(statements, InvalidationKind.CLIENT, url, at).<Void>mapEmpty())).mapEmpty();
    }

    /**
     * The stored data of a metadata document.
     *
     * @param client the version at the last consent; null without one
     * @param entityTag the entity tag of that version, or null
     * @param fetchedAt when that version was last fetched or confirmed, epoch milliseconds
     * @param consentedAt epoch milliseconds
     */
    public record StoredDocument(String url, DocumentDecision decision, Client client, String entityTag, long fetchedAt,
                                 long consentedAt) {

        /** A document without a decision or consent. */
        public static StoredDocument unknown(String url) {
            return new StoredDocument(url, DocumentDecision.NONE, null, null, 0, 0);
        }
    }

    /** The operator's decision on one client metadata document. */
    public enum DocumentDecision {
        /** No decision: the host lists apply. */
        NONE,
        /** Accepted, independent of its host. */
        APPROVED,
        /** Rejected; all its grants are revoked. */
        BLOCKED;

        /** The value in the database. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Parses a database value. @throws IllegalArgumentException for another text */
        public static DocumentDecision of(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }
}
