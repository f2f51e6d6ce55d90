package dev.gatehouse.shared.fetch;

import dev.gatehouse.shared.fetch.SafeFetcher.FetchRequest;
import dev.gatehouse.shared.fetch.SafeFetcher.FetchResponse;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.function.Function;

/** Fetches JSON documents such as JWK sets. A status other than 200, or a body that is not a JSON object, is a failure. */
public final class JsonFetch implements Function<URI, Future<JsonObject>> {

    private final SafeFetcher fetcher;

    /**
     * Creates a fetch on top of a fetcher.
     *
     * @param fetcher limits size, time and addresses
     */
    public JsonFetch(SafeFetcher fetcher) {
        this.fetcher = fetcher;
    }

    /** Fetches up to 64 kB. The future fails only with {@link FetchException}. */
    @Override
    public Future<JsonObject> apply(URI uri) {
        return fetcher.fetch(FetchRequest.keys(uri.toString())).map(answer -> object(uri, answer));
    }

    /** Ignores the media type: many servers publish JWK sets with another one. */
    private static JsonObject object(URI uri, FetchResponse answer) {
        if (answer.status() != 200) {
            throw new FetchException(FetchException.Reason.FAILED, uri.getHost() + " answered with status " + answer.status());
        }
        try {
            return new JsonObject(answer.body());
        } catch (DecodeException | ClassCastException e) {
            throw new FetchException(FetchException.Reason.FAILED, "The response of " + uri.getHost() + " is not a JSON object");
        }
    }
}
