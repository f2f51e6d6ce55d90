package dev.gatehouse.authz.client.document;

import com.github.benmanes.caffeine.cache.Cache;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.Client.RegistrationKind;
import dev.gatehouse.authz.client.ClientLookup;
import dev.gatehouse.authz.client.ClientUrl;
import dev.gatehouse.authz.client.document.DocumentReader.DocumentCopy;
import dev.gatehouse.authz.client.document.DocumentStore.DocumentDecision;
import dev.gatehouse.authz.client.document.DocumentStore.StoredDocument;
import dev.gatehouse.shared.cache.Caches;
import dev.gatehouse.shared.fetch.FetchUrl;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Clients with a client ID metadata document. A document is cached as long as its server and the operator's limits allow, and then
 * fetched again. While its server is unreachable, the last valid copy is used, up to the operator's limit. Failures are cached only
 * for a short pause. Only one fetch per client runs at a time. Several event loops share one instance.
 */
public final class DocumentClients implements ClientLookup {

    private static final int MOST_DOCUMENTS = 10_000;

    private final Vertx vertx;
    private final DocumentStore store;
    private final DocumentReader reader;
    private final DocumentOptions options;
    private final DocumentHosts hosts;
    private final boolean loopbackAllowed;
    private final RateLimiter limiter;
    private final Clock clock;
    private final Cache<String, Known> known;
    private final Map<String, Future<Known>> loading = new ConcurrentHashMap<>();

    /** A cached copy of a document, or the reason why there is none. */
    private record Known(DocumentCopy copy, Throwable refusal, long until) {

        Future<Optional<Client>> answer() {
            return refusal == null ? Future.succeededFuture(Optional.of(copy.client())) : Future.failedFuture(refusal);
        }
    }

    /** @param loopbackAllowed whether documents of this machine are allowed, over plain http too */
    public DocumentClients(Vertx vertx, DocumentStore store, DocumentReader reader, DocumentOptions options, boolean loopbackAllowed, Clock clock) {
        this.vertx = vertx;
        this.store = store;
        this.clock = clock;
        this.reader = reader;
        this.options = options;
        this.loopbackAllowed = loopbackAllowed;
        known = Caches.builder().maximumSize(MOST_DOCUMENTS).expireAfterWrite(Duration.ofSeconds(options.maximumCacheSeconds())).build();
        hosts = new DocumentHosts(options);
        limiter = new RateLimiter(options.fetchesPerMinute(), clock);
    }

    @Override
    public Future<Optional<Client>> find(String clientId) {
        if (!options.enabled()) {
            return Future.succeededFuture(Optional.empty());
        }
        Known last = known.getIfPresent(clientId);
        return isCurrent(last) ? last.answer() : Future.succeededFuture(clientId)
            // A text that is not a URL is not cached.
            .map(id -> ClientUrl.require(id, loopbackAllowed))
            .compose(url -> CallerContext.bring(vertx, loadOnce(url, clientId, last))).compose(Known::answer);
    }

    private boolean isCurrent(Known last) {
        return last != null && clock.millis() < last.until();
    }

    private Future<Known> loadOnce(FetchUrl url, String clientId, Known last) {
        Promise<Known> promise = Promise.promise();
        Future<Known> before = loading.putIfAbsent(clientId, promise.future());
        if (before != null) {
            return before;
        }
        load(url, clientId, last == null ? null : last.copy()).onComplete(loaded -> {
            loading.computeIfPresent(clientId, (id, current) -> remember(id, current, promise.future(), loaded));
            settle(promise, loaded);
        });
        return promise.future();
    }

    /** If the entry was invalidated during the load, discard this result; a newer load may be running. */
    private Future<Known> remember(String clientId, Future<Known> current, Future<Known> mine, AsyncResult<Known> loaded) {
        if (current != mine) {
            return current;
        }
        if (loaded.succeeded()) {
            known.put(clientId, loaded.result());
        }
        return null;
    }

    private static void settle(Promise<Known> promise, AsyncResult<Known> loaded) {
        if (loaded.succeeded()) {
            promise.complete(loaded.result());
        } else {
            promise.fail(loaded.cause());
        }
    }

    /** Fails only with temporary failures; an invalid document is a cached result. */
    private Future<Known> load(FetchUrl url, String clientId, DocumentCopy last) {
        return store.find(clientId).compose(stored -> load(url, stored, last == null ? copy(stored) : last))
            .recover(failure -> isRefusal(failure) ? Future.succeededFuture(paused(failure)) : Future.failedFuture(failure));
    }

    private static boolean isRefusal(Throwable failure) {
        return failure instanceof OAuthException refusal && refusal.code() == OAuthErrorCode.INVALID_CLIENT;
    }

    private Future<Known> load(FetchUrl url, StoredDocument stored, DocumentCopy last) {
        hosts.require(url.host(), stored.decision());
        return reader.read(stored.url(), last)
            .map(reading -> new Known(withPolicy(reading.copy(), stored), null, clock.millis() + reading.freshSeconds() * 1000))
            .recover(failure -> Future.succeededFuture(failure).map(cause -> lastGood(last, cause)));
    }

    /** The operator's policy of a client applies to every version of its document. */
    private static DocumentCopy withPolicy(DocumentCopy copy, StoredDocument stored) {
        return stored.client() == null ? copy
            : new DocumentCopy(copy.client().withPolicy(stored.client().policy()), copy.entityTag(), copy.fetchedAt());
    }

    private Known lastGood(DocumentCopy last, Throwable failure) {
        boolean unsure = failure instanceof DocumentReader.OutOfReachException || !isRefusal(failure);
        long end = last == null ? 0 : last.fetchedAt() + options.maximumCacheSeconds() * 1000;
        long now = clock.millis();
        if (unsure && now < end) {
            return new Known(last, null, Math.min(end, now + options.failurePauseSeconds() * 1000));
        }
        if (failure instanceof DocumentReader.OutOfReachException) {
            return paused(new OAuthException(OAuthErrorCode.INVALID_CLIENT,
                "The metadata document of this client could not be fetched", failure.getMessage()));
        }
        throw failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
    }

    private Known paused(Throwable refusal) {
        return new Known(null, refusal, clock.millis() + options.failurePauseSeconds() * 1000);
    }

    private static DocumentCopy copy(StoredDocument stored) {
        return stored.client() == null ? null : new DocumentCopy(stored.client(), stored.entityTag(), stored.fetchedAt());
    }

    /** Stores a client of a document when a user first grants it access, because grants refer to it. Does nothing for a registered client. */
    public Future<Void> keep(Client client) {
        if (client.kind() != RegistrationKind.METADATA_DOCUMENT) {
            return Future.succeededFuture();
        }
        long now = clock.millis();
        Known last = known.getIfPresent(client.id());
        boolean same = last != null && last.copy() != null && last.copy().client().equals(client);
        return same ? store.keep(client, last.copy().entityTag(), last.copy().fetchedAt(), now) : store.keep(client, null, now, now);
    }

    /** Invalidates all cached documents. */
    public void forgetAll() {
        loading.clear();
        known.invalidateAll();
    }

    /** Invalidates the cached document of a client. */
    public void forget(String clientId) {
        loading.remove(clientId);
        known.invalidate(clientId);
    }

    /**
     * Counts a request that needs a document to be fetched.
     *
     * @param clientId the identifier that the request contains, or null
     * @param source the source whose limit counts it
     * @throws OAuthException {@code slow_down} above the limit
     */
    public void requireFetchAllowed(String clientId, String source) {
        if (clientId == null || !options.enabled() || !ClientUrl.isMeant(clientId, loopbackAllowed) || isCurrent(known.getIfPresent(clientId))) {
            return;
        }
        OptionalLong wait = limiter.secondsToWait(source);
        if (wait.isPresent()) {
            throw OAuthException.after(wait.getAsLong(), OAuthErrorCode.SLOW_DOWN, "Too many client metadata documents were requested from this address");
        }
    }

    /** Decides which documents are accepted: the operator's decision on a document overrides the host lists, which match exactly. */
    static final class DocumentHosts {

        private final DocumentOptions options;

        DocumentHosts(DocumentOptions options) {
            this.options = options;
        }

        /** @throws OAuthException {@code invalid_client} */
        void require(String host, DocumentDecision decision) {
            boolean listed = options.allowedHosts().isEmpty() || options.allowedHosts().contains(host);
            boolean taken = switch (decision) {
                case BLOCKED -> false;
                case APPROVED -> true;
                case NONE -> listed && !options.deniedHosts().contains(host);
            };
            if (!taken) {
                throw new OAuthException(OAuthErrorCode.INVALID_CLIENT, "The operator of this server does not allow this application");
            }
        }
    }
}
