package dev.gatehouse.shared.fetch;

import dev.gatehouse.shared.fetch.AddressRules.LiteralAddress;
import dev.gatehouse.shared.fetch.NameLookup.SystemNames;
import dev.gatehouse.shared.http.MediaTypes;
import dev.gatehouse.shared.oauth.Loopback;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.TrustOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Fetches documents from untrusted URLs without server-side request forgery (draft-ietf-oauth-client-id-metadata-document
 * §8.6). It resolves a host once, requires every address to be public, and connects only to a checked address, with TLS for
 * the name. It follows no redirect, sends no cookie or credential, uses no proxy and decompresses nothing. Size, time and
 * concurrency are bounded. Thread-safe; results arrive on the caller's context.
 */
public final class SafeFetcher {

    private static final Logger LOG = LoggerFactory.getLogger(SafeFetcher.class);

    private final Vertx vertx;
    private final FetchOptions options;
    private final NameLookup names;
    private final Predicate<InetAddress> allowed;
    private final HttpClient client;
    private final FetchTurns turns;

    /** @param client made by {@link #client} */
    SafeFetcher(Vertx vertx, FetchOptions options, HttpClient client, NameLookup names, Predicate<InetAddress> allowed) {
        this.vertx = vertx;
        this.options = options;
        this.names = names;
        this.allowed = allowed;
        this.client = client;
        turns = new FetchTurns(vertx, options);
    }

    static HttpClient client(Vertx vertx, FetchOptions options, TrustOptions trust) {
        return vertx.createHttpClient(clientOptions(options, trust), new PoolOptions().setHttp1MaxSize(options.mostAtOnce()));
    }

    /**
     * Creates a fetcher that uses this machine's DNS configuration.
     *
     * @param vertx the Vert.x instance
     * @param options the limits
     * @return fails with {@link java.io.IOException} if the file of certificate authorities cannot be read
     */
    public static Future<SafeFetcher> create(Vertx vertx, FetchOptions options) {
        return create(vertx, options, new SystemNames(vertx));
    }

    /**
     * Creates a fetcher with another name lookup, for tests.
     *
     * @param vertx the Vert.x instance
     * @param options the limits
     * @param names resolves host names
     * @return the fetcher; fails with {@link java.io.IOException} if the file of certificate authorities cannot be read
     */
    public static Future<SafeFetcher> create(Vertx vertx, FetchOptions options, NameLookup names) {
        if (options.loopbackAllowed()) {
            LOG.warn("fetching.loopback is on: URLs of this machine are fetched, over plain http too. Use it for development only");
        }
        return trust(vertx, options).map(trust -> new SafeFetcher(vertx, options, client(vertx, options, trust), names, AddressRules::isPublic));
    }

    private static Future<TrustOptions> trust(Vertx vertx, FetchOptions options) {
        return options.trustFile() == null ? Future.succeededFuture()
            : vertx.executeBlocking(() -> TrustedAuthorities.withFile(options.trustFile()), false);
    }

    /** Uses a new connection for each fetch: a reused connection would skip the check of its address. */
    private static HttpClientOptions clientOptions(FetchOptions options, TrustOptions trust) {
        return new HttpClientOptions().setSsl(true).setVerifyHost(true).setTrustOptions(trust)
            .setConnectTimeout(options.connectMillis()).setSslHandshakeTimeout(options.connectMillis())
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setKeepAlive(false).setDecompressionSupported(false).setName("safe-fetcher");
    }

    /**
     * Checks a URL by its form, without a DNS lookup.
     *
     * @param url the URL as text
     * @return the URL
     * @throws FetchException {@link FetchException.Reason#REFUSED}; the message names the rule
     */
    public FetchUrl check(String url) {
        return FetchUrl.parse(url, options.loopbackAllowed());
    }

    /**
     * Fetches a document.
     *
     * @param request the URL and its limits
     * @return the response; fails only with {@link FetchException}
     */
    public Future<FetchResponse> fetch(FetchRequest request) {
        try {
            FetchUrl url = check(request.url());
            Promise<Void> turn = turns.take(url.host());
            FetchExchange exchange = new FetchExchange(vertx, client, url, request, options.deadlineMillis());
            turn.future().onSuccess(mine -> exchange.connect(checkedAddresses(url)));
            return exchange.answer().onComplete(ended -> turns.done(url.host(), turn));
        } catch (FetchException refusal) {
            return Future.failedFuture(refusal);
        }
    }

    /** Resolves the host. One address that is not public makes the whole name invalid. */
    private Future<List<InetAddress>> checkedAddresses(FetchUrl url) {
        return names.addresses(url.host().replaceAll("[\\[\\]]", ""))
            .recover(unknown -> Future.failedFuture(
                new FetchException(FetchException.Reason.FAILED, "No address found for " + url.host(), unknown)))
            .map(found -> requireAllowed(url, found));
    }

    private List<InetAddress> requireAllowed(FetchUrl url, List<InetAddress> found) {
        if (found.isEmpty()) {
            throw new FetchException(FetchException.Reason.FAILED, "No address found for " + url.host());
        }
        for (InetAddress address : found) {
            boolean good = url.loopback() ? Loopback.isLoopbackAddress(address.getHostAddress()) : allowed.test(address);
            if (!good) {
                throw FetchException.refused("The host " + url.host() + " has an address that is not on the public internet");
            }
        }
        return found.stream().map(LiteralAddress::nameless).toList();
    }

    /**
     * Ends all running fetches.
     *
     * @return completes when all connections are closed
     */
    public Future<Void> close() {
        return client.close();
    }

    /**
     * A response with any status, redirects included. The caller evaluates it.
     *
     * @param status the HTTP status
     * @param headers case-insensitive
     * @param body the complete body of a 200 response; empty for any other status
     */
    public record FetchResponse(int status, MultiMap headers, Buffer body) {

        /** {@return the media type without parameters, in lower case; empty if there is none} */
        public String mediaType() {
            String type = headers.get("Content-Type");
            return type == null ? "" : MediaTypes.essence(type);
        }

        /** {@return whether the media type is {@code application/json} or ends in {@code +json}} */
        public boolean isJson() {
            return mediaType().equals("application/json") || mediaType().matches("application/[a-z0-9!#$&^_.-]+\\+json");
        }
    }

    /**
     * A request for one document.
     *
     * @param url an absolute https URL that {@link FetchUrl} accepts
     * @param maximumBytes the longest accepted body
     * @param accept the value of the {@code Accept} header
     * @param ifNoneMatch the entity tag of a cached copy, as the server wrote it; or null
     */
    public record FetchRequest(String url, int maximumBytes, String accept, String ifNoneMatch) {

        /**
         * {@return a client's metadata document: JSON of up to 5 kB (draft-ietf-oauth-client-id-metadata-document §8.7)}
         *
         * @param url the URL of the document
         * @param maximumBytes the largest body
         */
        public static FetchRequest document(String url, int maximumBytes) {
            return new FetchRequest(url, maximumBytes, "application/json", null);
        }

        /**
         * {@return a JWK set: JSON of up to 64 kB}
         *
         * @param url the URL of the JWK set
         */
        public static FetchRequest keys(String url) {
            return new FetchRequest(url, 65_536, "application/jwk-set+json, application/json", null);
        }

        /**
         * {@return the same request with {@code If-None-Match}} The server answers 304 if the cached copy is still current.
         *
         * @param entityTag the {@code ETag} of the cached copy
         */
        public FetchRequest unlessMatches(String entityTag) {
            return new FetchRequest(url, maximumBytes, accept, entityTag);
        }
    }

    /**
     * The limits of all fetches together.
     *
     * @param deadlineMillis from the call to the last byte, including the wait for a turn
     * @param connectMillis for one connection, and again for its TLS handshake
     * @param mostAtOnce concurrent fetches
     * @param mostWaiting fetches that wait for a turn; further ones fail
     * @param mostPerHost running and waiting fetches per host
     * @param loopbackAllowed whether URLs of this machine are allowed, with http too; for development only
     * @param trustFile PEM file of certificate authorities to trust in addition to the platform's, or null
     */
    public record FetchOptions(long deadlineMillis, int connectMillis, int mostAtOnce, int mostWaiting, int mostPerHost,
                               boolean loopbackAllowed, Path trustFile) {

        /** Five seconds, 32 concurrent fetches, 128 waiting, 8 per host; public addresses only. */
        public static final FetchOptions DEFAULT = new FetchOptions(5_000, 2_000, 32, 128, 8, false, null);

        /**
         * {@return the same options, with or without URLs of this machine}
         *
         * @param allowed whether URLs of this machine are allowed
         */
        public FetchOptions withLoopbackAllowed(boolean allowed) {
            return new FetchOptions(deadlineMillis, connectMillis, mostAtOnce, mostWaiting, mostPerHost, allowed, trustFile);
        }

        /**
         * {@return the same options with additional certificate authorities}
         *
         * @param file PEM file of certificate authorities to trust in addition to the platform's, or null
         */
        public FetchOptions withTrustFile(Path file) {
            return new FetchOptions(deadlineMillis, connectMillis, mostAtOnce, mostWaiting, mostPerHost, loopbackAllowed, file);
        }
    }
}
