package dev.gatehouse.authz.key;

/**
 * A signing key as it is stored.
 *
 * @param kid its name
 * @param algorithm wire name of the algorithm that it signs by
 * @param publicJwk the public JWK, as JSON
 * @param sealedJwk the private JWK, sealed under the key file
 * @param createdAt epoch milliseconds
 * @param activatesAt when it begins to sign, epoch milliseconds
 * @param neededUntil when the last token that it signed expires, or later, epoch milliseconds
 */
public record StoredKey(String kid, String algorithm, String publicJwk, byte[] sealedJwk, long createdAt, long activatesAt,
                        long neededUntil) {

    @Override
    public String toString() {
        return "StoredKey[" + kid + ", " + algorithm + "]";
    }
}
