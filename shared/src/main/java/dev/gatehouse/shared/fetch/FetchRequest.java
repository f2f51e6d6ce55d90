package dev.gatehouse.shared.fetch;

/**
 * What to fetch.
 *
 * @param url an absolute https URL as {@link FetchUrl} takes it
 * @param maximumBytes longest body that is read
 * @param accept the media types asked for, as the {@code Accept} header writes them
 * @param ifNoneMatch the entity tag of a copy at hand, as the server wrote it; or null
 */
public record FetchRequest(String url, int maximumBytes, String accept, String ifNoneMatch) {

    /** A client's metadata document: JSON of up to 5 kB (draft-ietf-oauth-client-id-metadata-document §8.7). */
    public static FetchRequest document(String url, int maximumBytes) {
        return new FetchRequest(url, maximumBytes, "application/json", null);
    }

    /** A JWK set: JSON of up to 64 kB. */
    public static FetchRequest keys(String url) {
        return new FetchRequest(url, 65_536, "application/jwk-set+json, application/json", null);
    }

    /** The same, but for nothing when the server's copy is still the one with this entity tag (304). */
    public FetchRequest unlessMatches(String entityTag) {
        return new FetchRequest(url, maximumBytes, accept, entityTag);
    }
}
