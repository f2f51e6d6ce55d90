package dev.gatehouse.authz.token;

import io.vertx.core.buffer.Buffer;

/** A token in the index, with the answer to introspection written out once for all. */
public final class IndexedToken {

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

    public AccessToken token() {
        return token;
    }

    public Buffer document() {
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
