package dev.gatehouse.authz.token;

import dev.gatehouse.authz.store.AccessToken;
import io.vertx.core.buffer.Buffer;

/** A token in the index, with the answer to introspection written out once for all. */
final class IndexedToken {

    private final AccessToken token;
    private final Buffer document;
    private final long readIn;
    private volatile long checkedIn;

    /** @param generation the latest when the token's reading began */
    IndexedToken(AccessToken token, Buffer document, long generation) {
        this.token = token;
        this.document = document;
        this.readIn = generation;
        this.checkedIn = generation;
    }

    AccessToken token() {
        return token;
    }

    Buffer document() {
        return document;
    }

    long readIn() {
        return readIn;
    }

    long checkedIn() {
        return checkedIn;
    }

    void checkedIn(long generation) {
        checkedIn = generation;
    }
}
