package dev.gatehouse.authz.client.document;

import dev.gatehouse.authz.AuthzOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Locale;

/**
 * The options of client ID metadata documents.
 *
 * @param enabled whether they are supported
 * @param allowedHosts the only accepted hosts, compared exactly; empty for all
 * @param deniedHosts rejected hosts, compared exactly
 * @param maximumBytes the longest accepted document
 * @param minimumCacheSeconds the minimum time in the cache, even if the server asks for less
 * @param defaultCacheSeconds the time in the cache if the server specifies none
 * @param maximumCacheSeconds the maximum time in the cache, even if the server is unreachable
 * @param failurePauseSeconds the pause after a failed fetch of a document
 * @param fetchesPerMinute the fetches per minute that one source may cause
 */
public record DocumentOptions(boolean enabled, List<String> allowedHosts, List<String> deniedHosts, int maximumBytes,
                              long minimumCacheSeconds, long defaultCacheSeconds, long maximumCacheSeconds, long failurePauseSeconds,
                              int fetchesPerMinute) {

    private static final int DEMO_FETCHES = 100_000_000;

    public DocumentOptions {
        allowedHosts = List.copyOf(allowedHosts);
        deniedHosts = List.copyOf(deniedHosts);
    }

    /** The demo does not cache documents, so that authors see changes immediately. */
    public static DocumentOptions of(JsonObject json, boolean demo) {
        return new DocumentOptions(json.getBoolean("enabled", true), hosts(json, "allowedHosts"), hosts(json, "deniedHosts"),
            json.getInteger("maximumBytes", 5_120), json.getLong("minimumCacheSeconds", demo ? 0L : 30L),
            json.getLong("defaultCacheSeconds", demo ? 0L : 300L), json.getLong("maximumCacheSeconds", 86_400L),
            json.getLong("failurePauseSeconds", demo ? 1L : 5L), json.getInteger("fetchesPerMinute", demo ? DEMO_FETCHES : 30));
    }

    private static List<String> hosts(JsonObject json, String key) {
        return AuthzOptions.texts(json.getJsonArray(key, new JsonArray())).stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    }
}
