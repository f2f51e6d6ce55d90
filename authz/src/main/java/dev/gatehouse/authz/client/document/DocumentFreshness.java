package dev.gatehouse.authz.client.document;

import io.vertx.core.MultiMap;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Computes how long a document is fresh (RFC 9111 §4.2), within the operator's limits. */
final class DocumentFreshness {

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
