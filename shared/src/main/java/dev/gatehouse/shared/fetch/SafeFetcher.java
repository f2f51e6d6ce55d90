package dev.gatehouse.shared.fetch;

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
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Gets documents whose addresses strangers name, without becoming their tool (draft-ietf-oauth-client-id-metadata-document
 * §8.6): a host is looked up once, each of its addresses must be public, and the connection goes to a checked address and
 * nowhere else, with TLS for the name. No redirect is followed, no cookie, credential or proxy used, nothing unpacked;
 * size, time and number are bounded. Safe for use from any thread; answers come on the caller's context.
 */
public final class SafeFetcher {

    private static final Logger LOG = LoggerFactory.getLogger(SafeFetcher.class);

    private final Vertx vertx;
    private final FetchOptions options;
    private final NameLookup names;
    private final Predicate<InetAddress> allowed;
    private final HttpClient client;
    private final FetchTurns turns;

    /** With a client that {@link #client} made, perhaps one that is watched. */
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
     * Makes a fetcher that asks this machine's name servers.
     *
     * @return fails with {@link java.io.IOException} when the file of authorities cannot be read
     */
    public static Future<SafeFetcher> create(Vertx vertx, FetchOptions options) {
        return create(vertx, options, new SystemNames(vertx));
    }

    /** The same with other name servers, for tests. */
    public static Future<SafeFetcher> create(Vertx vertx, FetchOptions options, NameLookup names) {
        if (options.loopbackAllowed()) {
            LOG.warn("Documents and keys at loopback addresses are fetched, over plain http too: this is for trying things out");
        }
        return trust(vertx, options).map(trust -> new SafeFetcher(vertx, options, client(vertx, options, trust), names, AddressRules::isPublic));
    }

    private static Future<TrustOptions> trust(Vertx vertx, FetchOptions options) {
        return options.trustFile() == null ? Future.succeededFuture()
            : vertx.executeBlocking(() -> TrustedAuthorities.withFile(options.trustFile()), false);
    }

    /** One connection for each answer: a kept one would outlive the check of its address. */
    private static HttpClientOptions clientOptions(FetchOptions options, TrustOptions trust) {
        return new HttpClientOptions().setSsl(true).setVerifyHost(true).setTrustOptions(trust)
            .setConnectTimeout(options.connectMillis()).setSslHandshakeTimeout(options.connectMillis())
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setKeepAlive(false).setDecompressionSupported(false).setName("safe-fetcher");
    }

    /**
     * Whether a URL may be one to fetch, by its form alone; nothing is looked up.
     *
     * @throws FetchException {@link FetchException.Reason#REFUSED}, whose message says which rule it breaks
     */
    public FetchUrl check(String url) {
        return FetchUrl.parse(url, options.loopbackAllowed());
    }

    /** Fetches. Fails with {@link FetchException} and nothing else. */
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

    /** All addresses of the host, when each of them may be connected to: one that may not speaks against the whole name. */
    private Future<List<InetAddress>> checkedAddresses(FetchUrl url) {
        return names.addresses(url.host().replaceAll("[\\[\\]]", ""))
            .recover(unknown -> Future.failedFuture(
                new FetchException(FetchException.Reason.FAILED, "No address is known of " + url.host(), unknown)))
            .map(found -> requireAllowed(url, found));
    }

    private List<InetAddress> requireAllowed(FetchUrl url, List<InetAddress> found) {
        if (found.isEmpty()) {
            throw new FetchException(FetchException.Reason.FAILED, "No address is known of " + url.host());
        }
        for (InetAddress address : found) {
            boolean good = url.loopback() ? Loopback.isLoopbackAddress(address.getHostAddress()) : allowed.test(address);
            if (!good) {
                throw FetchException.refused("The host " + url.host() + " has an address that is not on the public internet");
            }
        }
        return found.stream().map(LiteralAddress::nameless).toList();
    }

    /** Ends what is under way. */
    public Future<Void> close() {
        return client.close();
    }

    /**
     * What a server answered, to be judged by the caller: any status is an answer, redirects too.
     *
     * @param headers names in any case
     * @param body the whole body of a 200; empty for any other status, whose body is not read
     */
    public record FetchResponse(int status, MultiMap headers, Buffer body) {

        /** The media type without its parameters, in lower case; empty when none was sent. */
        public String mediaType() {
            String type = headers.get("Content-Type");
            return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        }

        /** Whether the body is said to be JSON: {@code application/json}, or a type of its own that ends in {@code +json}. */
        public boolean isJson() {
            return mediaType().equals("application/json") || mediaType().matches("application/[a-z0-9!#$&^_.-]+\\+json");
        }
    }

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
}
