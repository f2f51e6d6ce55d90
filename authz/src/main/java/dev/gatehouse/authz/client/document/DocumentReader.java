package dev.gatehouse.authz.client.document;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.RequestedMetadata.Omission;
import dev.gatehouse.authz.client.document.DocumentRules.Described;
import dev.gatehouse.shared.fetch.FetchException;
import dev.gatehouse.shared.fetch.SafeFetcher;
import dev.gatehouse.shared.fetch.SafeFetcher.FetchRequest;
import dev.gatehouse.shared.fetch.SafeFetcher.FetchResponse;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fetches and validates client ID metadata documents. */
public final class DocumentReader {

    private static final Logger LOG = LoggerFactory.getLogger(DocumentReader.class);
    private static final int NOT_MODIFIED = 304;

    private final SafeFetcher fetcher;
    private final DocumentRules rules;
    private final DocumentOptions options;
    private final Clock clock;

    public DocumentReader(SafeFetcher fetcher, DocumentRules rules, DocumentOptions options, Clock clock) {
        this.fetcher = fetcher;
        this.rules = rules;
        this.options = options;
        this.clock = clock;
    }

    /** A client and the members of its document that are ignored. @param omissions one line for each, with the reason */
    public record Description(Client client, List<String> omissions) {
    }

    /** Fetches the client now; fails with a reason in words. */
    public Future<Description> read(String url) {
        return read(url, null).map(reading -> new Description(reading.copy().client(),
            reading.omissions().stream().map(Omission::toString).toList()));
    }

    /** The result of a fetch: a copy and the time in the cache. */
    record Reading(DocumentCopy copy, long freshSeconds, List<Omission> omissions) {
    }

    /** The server of the document is unreachable or failed; the document is neither valid nor invalid. */
    static final class OutOfReachException extends RuntimeException {

        OutOfReachException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Fetches a document.
     *
     * @param last a cached copy, or null
     * @return fails with {@link OAuthException} if the document is rejected, with {@link OutOfReachException}, or with
     *     {@link OAuthException} {@code temporarily_unavailable} if too many fetches are running
     */
    Future<Reading> read(String url, DocumentCopy last) {
        FetchRequest request = FetchRequest.document(url, options.maximumBytes());
        return fetcher.fetch(last == null || last.entityTag() == null ? request : request.unlessMatches(last.entityTag()))
            .recover(failure -> Future.failedFuture(failure instanceof FetchException known ? judged(known) : failure))
            .map(response -> judged(url, response, last))
            .onFailure(failure -> LOG.info("The metadata document of client {} was rejected: {}", url, failure.getMessage()));
    }

    private static RuntimeException judged(FetchException failure) {
        return switch (failure.reason()) {
            case BUSY -> new OAuthException(OAuthErrorCode.TEMPORARILY_UNAVAILABLE,
                "Too many client metadata documents are being fetched; try again later", failure.getMessage());
            case REFUSED -> refused("its address is not on the public internet", failure.getMessage());
            case TOO_LARGE -> refused("it is too long", failure.getMessage());
            case TIMEOUT, FAILED -> new OutOfReachException(failure.getMessage());
        };
    }

    private Reading judged(String url, FetchResponse response, DocumentCopy last) {
        long now = clock.millis();
        long fresh = DocumentFreshness.seconds(response.headers(), options);
        int status = response.status();
        if (status == NOT_MODIFIED && last != null && last.entityTag() != null) {
            return new Reading(last.confirmedAt(now), fresh, List.of());
        }
        if (status >= 500 || status == 429) {
            throw new OutOfReachException("its server answered with status " + status);
        }
        if (status != 200) {
            throw refused("its server answered with a status other than 200", "status " + status);
        }
        if (!response.isJson()) {
            throw refused("its Content-Type is not application/json", "content type " + response.mediaType());
        }
        Described described = rules.read(url, response.body(), now);
        described.omissions().forEach(omission -> LOG.info("A part of the metadata document of client {} is ignored: {}", url, omission));
        return new Reading(new DocumentCopy(described.client(), response.headers().get("ETag"), now), fresh, described.omissions());
    }

    private static OAuthException refused(String rule, String reason) {
        return new OAuthException(OAuthErrorCode.INVALID_CLIENT, "The metadata document of this client was rejected: " + rule, reason);
    }

    /**
     * A copy of a client metadata document.
     *
     * @param entityTag the entity tag, or null
     * @param fetchedAt when the server last sent or confirmed it, epoch milliseconds
     */
    record DocumentCopy(Client client, String entityTag, long fetchedAt) {

        DocumentCopy confirmedAt(long now) {
            return new DocumentCopy(client, entityTag, now);
        }
    }

    /** Computes how long a document is fresh (RFC 9111 §4.2), within the operator's limits. */
    private static final class DocumentFreshness {

        private static final Pattern MAX_AGE = Pattern.compile("max-age\\s*=\\s*\"?([0-9]{1,10})\"?");

        private DocumentFreshness() {
        }

        /** @return seconds */
        static long seconds(MultiMap headers, DocumentOptions options) {
            String control = String.join(",", headers.getAll("Cache-Control")).toLowerCase(Locale.ROOT);
            long asked = control.contains("no-store") || control.contains("no-cache") ? 0
                : maximumAge(control).orElse(options.defaultCacheSeconds());
            long left = asked - age(headers);
            return Math.min(options.maximumCacheSeconds(), Math.max(options.minimumCacheSeconds(), left));
        }

        private static OptionalLong maximumAge(String control) {
            Matcher matcher = MAX_AGE.matcher(control);
            return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
        }

        /** The age of the response in an intermediate cache (§5.1). */
        private static long age(MultiMap headers) {
            String age = headers.get("Age");
            return age != null && age.matches("[0-9]{1,10}") ? Long.parseLong(age) : 0;
        }
    }
}
