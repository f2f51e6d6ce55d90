package dev.gatehouse.shared.fetch;

import java.nio.file.Path;

/**
 * The bounds of all fetches together.
 *
 * @param deadlineMillis from the call to the last byte, waiting for a turn included
 * @param connectMillis for one connection, and again for its TLS handshake
 * @param mostAtOnce fetches under way
 * @param mostWaiting fetches that wait for their turn; one more is refused
 * @param mostPerHost fetches from one host, waiting ones included
 * @param loopbackAllowed whether URLs that name this machine are fetched, plain http too; for trying things out only
 * @param trustFile PEM file of certificate authorities to trust beside the platform's, or null
 */
public record FetchOptions(long deadlineMillis, int connectMillis, int mostAtOnce, int mostWaiting, int mostPerHost,
                           boolean loopbackAllowed, Path trustFile) {

    /** Five seconds, 32 at once, 128 waiting, 8 from one host; public addresses only. */
    public static final FetchOptions DEFAULT = new FetchOptions(5_000, 2_000, 32, 128, 8, false, null);

    public FetchOptions withLoopbackAllowed(boolean allowed) {
        return new FetchOptions(deadlineMillis, connectMillis, mostAtOnce, mostWaiting, mostPerHost, allowed, trustFile);
    }

    /** @param file PEM file of certificate authorities to trust beside the platform's, or null */
    public FetchOptions withTrustFile(Path file) {
        return new FetchOptions(deadlineMillis, connectMillis, mostAtOnce, mostWaiting, mostPerHost, loopbackAllowed, file);
    }
}
