package dev.gatehouse.authz.client.document;

import dev.gatehouse.authz.client.Client;
import io.vertx.core.Future;

import java.util.List;

/** What is kept of clients that describe themselves: the version that was consented to, and the operator's decisions. */
public interface DocumentStore {

    /** What is known of a document; {@link StoredDocument#unknown} for one that is new. */
    Future<StoredDocument> find(String url);

    /** All documents that somebody has consented to or decided about, by URL. */
    Future<List<StoredDocument>> list();

    /**
     * Keeps a client as its document describes it, in place of an earlier version.
     *
     * @param fetchedAt when that version was seen, epoch milliseconds
     * @param at now, epoch milliseconds
     */
    Future<Void> keep(Client client, String entityTag, long fetchedAt, long at);

    /** Records a decision. A block ends all that was granted to the client. */
    Future<Void> decide(String url, DocumentDecision decision, long at);
}
