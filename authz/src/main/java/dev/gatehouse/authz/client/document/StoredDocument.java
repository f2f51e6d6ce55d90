package dev.gatehouse.authz.client.document;

import dev.gatehouse.authz.client.Client;

/**
 * What the store knows of a metadata document.
 *
 * @param client as the document described it when somebody last consented to it; null when nobody has
 * @param entityTag of that version, or null
 * @param fetchedAt when that version was last seen, epoch milliseconds
 * @param consentedAt epoch milliseconds
 */
public record StoredDocument(String url, DocumentDecision decision, Client client, String entityTag, long fetchedAt,
                             long consentedAt) {

    /** A document that nobody has decided about or consented to. */
    public static StoredDocument unknown(String url) {
        return new StoredDocument(url, DocumentDecision.NONE, null, null, 0, 0);
    }
}
