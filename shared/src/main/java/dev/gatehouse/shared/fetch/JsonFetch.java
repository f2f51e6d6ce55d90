package dev.gatehouse.shared.fetch;

import dev.gatehouse.shared.fetch.SafeFetcher.FetchRequest;
import dev.gatehouse.shared.fetch.SafeFetcher.FetchResponse;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.function.Function;

/** Gets JSON documents such as JWK sets: an answer of another status, or that is no JSON object, is a failure. */
public final class JsonFetch implements Function<URI, Future<JsonObject>> {

    private final SafeFetcher fetcher;

    public JsonFetch(SafeFetcher fetcher) {
        this.fetcher = fetcher;
    }

    /** Up to 64 kB. Fails with {@link FetchException} and nothing else. */
    @Override
    public Future<JsonObject> apply(URI uri) {
        return fetcher.fetch(FetchRequest.keys(uri.toString())).map(answer -> object(uri, answer));
    }

    /** The media type is not looked at: many publish JWK sets as something else, and it decides nothing. */
    private static JsonObject object(URI uri, FetchResponse answer) {
        if (answer.status() != 200) {
            throw new FetchException(FetchException.Reason.FAILED, uri.getHost() + " answered with status " + answer.status());
        }
        try {
            return new JsonObject(answer.body());
        } catch (DecodeException | ClassCastException e) {
            throw new FetchException(FetchException.Reason.FAILED, "The answer of " + uri.getHost() + " is no JSON object");
        }
    }
}
