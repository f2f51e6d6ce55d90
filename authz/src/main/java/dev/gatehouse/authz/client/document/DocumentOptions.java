package dev.gatehouse.authz.client.document;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Clients whose identifier is the URL of a metadata document.
 *
 * @param enabled whether such identifiers are accepted
 * @param allowedHosts the only hosts whose documents are accepted; empty for all
 * @param deniedHosts hosts whose documents are refused
 * @param maximumBytes maximum size of a document
 * @param minimumCacheSeconds minimum time for which a document is cached
 * @param defaultCacheSeconds for a document whose server gives no time
 * @param maximumCacheSeconds maximum time for which a document is cached, also while its server cannot be reached
 * @param failurePauseSeconds time between a failed fetch of a document and the next
 * @param fetchesPerMinute fetches that one source may cause in a minute; empty for no limit
 */
public record DocumentOptions(boolean enabled, List<String> allowedHosts, List<String> deniedHosts, int maximumBytes,
                              long minimumCacheSeconds, long defaultCacheSeconds, long maximumCacheSeconds, long failurePauseSeconds,
                              OptionalInt fetchesPerMinute) {

    public DocumentOptions {
        allowedHosts = lowerCase(allowedHosts);
        deniedHosts = lowerCase(deniedHosts);
    }

    private static List<String> lowerCase(List<String> hosts) {
        return hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    }
}
