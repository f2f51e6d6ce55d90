package dev.gatehouse.authz.client.document;

import com.github.benmanes.caffeine.cache.Cache;
import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientSource;
import dev.gatehouse.authz.client.ClientUrl;
import dev.gatehouse.authz.client.ConsentedClients;
import dev.gatehouse.authz.client.RegistrationKind;
import dev.gatehouse.authz.client.auth.FetchAllowance;
import dev.gatehouse.authz.client.document.DocumentReader.DocumentCopy;
import dev.gatehouse.authz.client.document.DocumentStore.StoredDocument;
import dev.gatehouse.shared.cache.Caches;
import dev.gatehouse.shared.fetch.FetchUrl;
import dev.gatehouse.shared.fetch.SafeFetcher;
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
 * Clients that describe themselves in a document at their identifier. A document is kept for as long as its server says
 * and the operator lets it, then asked for anew; while its server is out of reach the last good copy counts, never longer
 * than the operator's upper bound. What is wrong is not kept, but for a pause in which the same is not tried again. One
 * fetch at a time for each client. Several event loops share one.
 */
public final class DocumentClients implements ClientSource, ConsentedClients, FetchAllowance {

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

    /** What is known of one document until then: a copy, or why there is none. */
    private record Known(DocumentCopy copy, Throwable refusal, long until) {

        Future<Optional<Client>> answer() {
            return refusal == null ? Future.succeededFuture(Optional.of(copy.client())) : Future.failedFuture(refusal);
        }
    }

    public DocumentClients(Vertx vertx, DocumentStore store, SafeFetcher fetcher, AuthzOptions server, Clock clock) {
        this.vertx = vertx;
        this.store = store;
        this.clock = clock;
        options = server.features().documents();
        known = Caches.builder().maximumSize(MOST_DOCUMENTS).expireAfterWrite(Duration.ofSeconds(options.maximumCacheSeconds())).build();
        loopbackAllowed = server.features().fetching().loopback();
        hosts = new DocumentHosts(options);
        limiter = new RateLimiter(options.fetchesPerMinute(), clock);
        reader = DocumentReader.of(fetcher, server, clock);
    }

    @Override
    public boolean owns(String clientId) {
        return ClientUrl.isMeant(clientId, loopbackAllowed);
    }

    @Override
    public Future<Optional<Client>> find(String clientId) {
        if (!options.enabled()) {
            return Future.succeededFuture(Optional.empty());
        }
        Known last = known.getIfPresent(clientId);
        return isCurrent(last) ? last.answer() : Future.succeededFuture(clientId)
            // What is no URL at all, however long it may be, is not worth remembering.
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

    /** What was forgotten while it was being loaded is loaded by somebody else meanwhile, or by nobody; both know better. */
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

    /** Fails only with what may be different the next moment; what is wrong with the document is an answer. */
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

    /** The operator's word on a client outlives every version of its document. */
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

    @Override
    public Future<Void> keep(Client client) {
        if (client.kind() != RegistrationKind.METADATA_DOCUMENT) {
            return Future.succeededFuture();
        }
        long now = clock.millis();
        Known last = known.getIfPresent(client.id());
        boolean same = last != null && last.copy() != null && last.copy().client().equals(client);
        return same ? store.keep(client, last.copy().entityTag(), last.copy().fetchedAt(), now) : store.keep(client, null, now, now);
    }

    /** Asks anew for every client. */
    public void forgetAll() {
        loading.clear();
        known.invalidateAll();
    }

    /** Asks the store and the document's server anew when this client is next looked for. */
    public void forget(String clientId) {
        loading.remove(clientId);
        known.invalidate(clientId);
    }

    @Override
    public void require(String clientId, String source) {
        if (clientId == null || !options.enabled() || !owns(clientId) || isCurrent(known.getIfPresent(clientId))) {
            return;
        }
        OptionalLong wait = limiter.secondsToWait(source);
        if (wait.isPresent()) {
            throw OAuthException.after(wait.getAsLong(), OAuthErrorCode.SLOW_DOWN, "Too many client documents were asked for from this address");
        }
    }

    /** Whose documents are taken: the operator's decision about one comes before the lists of hosts, which match exactly. */
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
                throw new OAuthException(OAuthErrorCode.INVALID_CLIENT, "The operator of this server does not admit this application");
            }
        }
    }
}
