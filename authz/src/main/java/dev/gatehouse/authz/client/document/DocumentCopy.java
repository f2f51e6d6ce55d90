package dev.gatehouse.authz.client.document;

import dev.gatehouse.authz.client.Client;

/**
 * A client as its document described it.
 *
 * @param entityTag of that version, or null
 * @param fetchedAt when the document's server last said so, epoch milliseconds
 */
record DocumentCopy(Client client, String entityTag, long fetchedAt) {

    DocumentCopy confirmedAt(long now) {
        return new DocumentCopy(client, entityTag, now);
    }
}
