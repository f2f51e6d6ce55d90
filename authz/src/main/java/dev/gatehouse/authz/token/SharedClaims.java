package dev.gatehouse.authz.token;

import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.shared.oauth.Scopes;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The claims of a token without its times. The tokens of a client, or of a grant, often have the same; the index keeps them once. */
final class SharedClaims {

    private final String grantId;
    private final String clientId;
    private final String sub;
    private final Scopes scopes;
    private final List<String> audience;
    private final Confirmation confirmation;
    private final byte[] document;
    private final Set<String> hiddenFromClient;
    private volatile byte[] documentForClient;

    /** @param document the members of the introspection response, without the times */
    private SharedClaims(AccessToken token, byte[] document, Set<String> hiddenFromClient, RecentValues recent) {
        this.grantId = token.grantId();
        this.clientId = recent.known(token.clientId());
        this.sub = recent.known(token.sub());
        this.scopes = recent.known(token.scopes());
        this.audience = recent.known(token.audience());
        this.confirmation = token.confirmation();
        this.document = document;
        this.hiddenFromClient = hiddenFromClient;
    }

    /** The claims of a token: the same object for equal claims of recent tokens. */
    static SharedClaims of(AccessToken token, byte[] document, Set<String> hiddenFromClient, RecentValues recent) {
        return recent.known(new SharedClaims(token, document, hiddenFromClient, recent));
    }

    String grantId() {
        return grantId;
    }

    String clientId() {
        return clientId;
    }

    String sub() {
        return sub;
    }

    List<String> audience() {
        return audience;
    }

    byte[] document() {
        return document;
    }

    /** The document for the token's own client. It is encoded at its first use. */
    byte[] documentForClient() {
        byte[] known = documentForClient;
        if (known == null) {
            known = IntrospectionDocument.forClient(document, scopes, hiddenFromClient);
            documentForClient = known;
        }
        return known;
    }

    AccessToken token(TokenKey key, long issuedAt, long expiresAt) {
        return new AccessToken(key.hash(), grantId, clientId, sub, scopes, audience, issuedAt, expiresAt, confirmation);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SharedClaims that && clientId.equals(that.clientId) && Objects.equals(grantId, that.grantId) && sub.equals(that.sub)
            && scopes.equals(that.scopes) && audience.equals(that.audience) && Objects.equals(confirmation, that.confirmation)
            && Arrays.equals(document, that.document) && hiddenFromClient.equals(that.hiddenFromClient);
    }

    @Override
    public int hashCode() {
        return Objects.hash(grantId, clientId, sub, Arrays.hashCode(document));
    }

    /** A bounded number of recent values, so that equal values need the memory of one. Thread-safe. */
    static final class RecentValues {

        private static final int MOST = 1 << 14;

        private final AtomicReferenceArray<Object> values = new AtomicReferenceArray<>(MOST);

        /** Returns an equal recent value, or else this one. The class of the value must not have subclasses that equal it. */
        @SuppressWarnings("unchecked") // equal values have the same class
        <T> T known(T value) {
            int hash = value.hashCode();
            int place = (hash ^ hash >>> 16) & MOST - 1;
            Object recent = values.getAcquire(place);
            if (value.equals(recent)) {
                return (T) recent;
            }
            values.setRelease(place, value);
            return value;
        }
    }
}
