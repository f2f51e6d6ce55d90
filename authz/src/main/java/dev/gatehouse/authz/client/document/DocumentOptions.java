package dev.gatehouse.authz.client.document;

import dev.gatehouse.authz.AuthzOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Locale;

/**
 * Clients that describe themselves in a document at their identifier.
 *
 * @param enabled whether they are served at all
 * @param allowedHosts the only hosts whose documents are taken, exactly as written; empty for all
 * @param deniedHosts hosts whose documents are refused, exactly as written
 * @param maximumBytes longest document
 * @param minimumCacheSeconds a document is used for so long even where its server asks for less
 * @param defaultCacheSeconds for a document whose server does not say
 * @param maximumCacheSeconds a document is used for so long at most, be its server silent or out of reach
 * @param failurePauseSeconds after a failed fetch the same document is not fetched again for so long
 * @param fetchesPerMinute fetches that one source may cause in a minute
 */
public record DocumentOptions(boolean enabled, List<String> allowedHosts, List<String> deniedHosts, int maximumBytes,
                              long minimumCacheSeconds, long defaultCacheSeconds, long maximumCacheSeconds, long failurePauseSeconds,
                              int fetchesPerMinute) {

    private static final int DEMO_FETCHES = 100_000_000;

    public DocumentOptions {
        allowedHosts = List.copyOf(allowedHosts);
        deniedHosts = List.copyOf(deniedHosts);
    }

    /** In the demo a document counts as it is now, so that its author sees each change at once. */
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
